import { extname } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { MugiError, unknownName } from '../../errors.ts';
import { fromBits, hex } from '../../number/bf16.ts';
import { readable, textTable } from '../../present/table.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { FUNCTION_NAMES, functionNamed } from '../../vlp/function.ts';
import { buildLut, type Lut, lutBits } from '../../vlp/lut.ts';
import { LUT_FORMATS, type LutFormat, lutRecord, lutRows, lutText } from '../../vlp/lut-file.ts';
import { configure } from '../../vlp/mode.ts';
import { showWindow } from '../../vlp/window.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import { addWindowOptions, type VlpFlags, vlpOptionsOf } from '../options/vlp-options.ts';

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
      .addArgument(
        new Argument('<function>', ['softmax', ...FUNCTION_NAMES, ...Object.keys(WINDOWLESS)].join(', ')),
      ),
  )
    .option(
      '--out <file>',
      `write the table; the ending says how: ${LUT_FORMATS.map((f) => `.${f}`).join(', ')}`,
    )
    .addOption(new Option('--format <format>', 'format, where the ending does not say').choices(LUT_FORMATS))
    .addOption(new Option('--json', 'print the table as JSON').conflicts('format'))
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
  const table = lutOf(name, flags);
  const { fn, window, mantissaBits } = table;
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

function lutOf(name: string, flags: Flags): Lut {
  const special = WINDOWLESS[name];
  const { mantissaBits, entries, window } = configure(vlpOptionsOf(flags, name === 'softmax' ? 'exp' : name));
  if (special === undefined || !Object.hasOwn(WINDOWLESS, name)) {
    const fn = functionNamed(name === 'softmax' ? 'exp' : name, '<function>');
    return buildLut(fn, { window, mantissaBits, entries });
  }
  for (const key of ['window', 'windows'] as const) {
    if (flags[key] === undefined) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} has no window to choose: its exponents are handled by arithmetic`,
      path: `--${key}`,
    });
  }
  const { fn, window: stored } = special.seed;
  // 1/x and 1/√x hold means unless asked otherwise, as their tables do; sin and cos need points for their correction.
  const mean = stored.lo >= 0 && flags.entries === undefined ? 'mean' : entries;
  return buildLut(fn, { window: stored, mantissaBits, entries: mean });
}

function formatOf(path: string, asked: LutFormat | undefined): LutFormat {
  if (asked !== undefined) return asked;
  const ending = extname(path).slice(1).toLowerCase();
  const format = LUT_FORMATS.find((known) => known === ending);
  if (format !== undefined) return format;
  throw unknownName('ending of a LUT file', ending, LUT_FORMATS, '--out');
}
