import { extname } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { unknownName } from '../errors.ts';
import { fromBits, hex } from '../number/bf16.ts';
import { readable, textTable } from '../report/table.ts';
import { writeFileAtomic } from '../report/write.ts';
import { FUNCTION_NAMES, functionNamed } from '../vlp/function.ts';
import { buildLut, lutBits } from '../vlp/lut.ts';
import { LUT_FORMATS, type LutFormat, lutRecord, lutRows, lutText } from '../vlp/lut-file.ts';
import { configure } from '../vlp/mode.ts';
import { showWindow } from '../vlp/window.ts';
import { addWindowOptions, type VlpFlags, vlpOptionsOf } from './vlp-options.ts';

interface Flags extends VlpFlags {
  out?: string;
  format?: LutFormat;
  json?: boolean;
}

export function define(program: Command): void {
  addWindowOptions(
    program
      .command('lut')
      .description('The look-up table of a function: for $readmemh, C, or as JSON')
      .addArgument(new Argument('<function>', `softmax, ${FUNCTION_NAMES.join(', ')}`)),
  )
    .option(
      '--out <file>',
      `write the table; the ending says how: ${LUT_FORMATS.map((f) => `.${f}`).join(', ')}`,
    )
    .addOption(new Option('--format <format>', 'format, where the ending does not say').choices(LUT_FORMATS))
    .option('--json', 'print the table as JSON')
    .addHelpText(
      'after',
      `
Examples:
  mugi lut exp
  mugi lut silu --window -6..1 --out silu.mem
  mugi lut gelu --mantissa 4 --entries mean --out gelu.h
  mugi lut softmax --windows windows.json --layer 2 --json`,
    )
    .action((name: string, flags: Flags) => lut(name, flags));
}

function lut(name: string, flags: Flags): void {
  const fn = functionNamed(name === 'softmax' ? 'exp' : name, '<function>');
  const { window, mantissaBits, entries } = configure(vlpOptionsOf(flags, fn.name));
  const table = buildLut(fn, { window, mantissaBits, entries });
  if (flags.out !== undefined) {
    writeFileAtomic(flags.out, lutText(table, formatOf(flags.out, flags.format)));
    process.stderr.write(`wrote ${flags.out}\n`);
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(lutRecord(table), null, 2)}\n`);
  else if (flags.out === undefined && flags.format !== undefined)
    process.stdout.write(lutText(table, flags.format));
  else if (flags.out === undefined) {
    const exponents = Array.from({ length: window.hi - window.lo + 1 }, (_, i) => `2^${window.lo + i}`);
    const rows = lutRows(table).map(({ sign, mantissa, bits }) => [
      `${sign}1.${mantissa.toString(2).padStart(mantissaBits, '0')}`,
      ...bits.map((pattern) => `${hex(pattern)} ${readable(fromBits(pattern)).padStart(9)}`),
    ]);
    process.stdout.write(
      `${fn.title}, window ${showWindow(window)}, ${mantissaBits}-bit mantissa, ${lutBits(table) / 8} bytes\n` +
        `rows: significand in binary, one a cycle; columns: exponent; entries: BF16 pattern and value\n\n${textTable(['', ...exponents], rows)}\n`,
    );
  }
}

function formatOf(path: string, asked: LutFormat | undefined): LutFormat {
  if (asked !== undefined) return asked;
  const ending = extname(path).slice(1).toLowerCase();
  const format = LUT_FORMATS.find((known) => known === ending);
  if (format !== undefined) return format;
  throw unknownName('ending of a LUT file', ending, LUT_FORMATS, '--out');
}
