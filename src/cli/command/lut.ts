import { extname } from 'node:path';
import type { Command } from 'commander';
import { unknownName } from '../../errors.ts';
import { FUNCTION_NAMES, functionNamed } from '../../vlp/function.ts';
import { buildLut, type Lut } from '../../vlp/lut.ts';
import { LUT_FORMATS, type LutFormat, lutRecord, lutText } from '../../vlp/lut-file.ts';
import { configure } from '../../vlp/mode.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, oneOf, OUT_FILE } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { jsonFlag, output } from '../options/output.ts';
import { vlpOptionsOf, WINDOW_FLAGS } from '../options/vlp-options.ts';
import { writeResult } from '../options/written.ts';
import { lutTable } from '../show/lut.ts';

const FLAGS = [
  ...WINDOW_FLAGS,
  flag(
    '--out',
    OUT_FILE,
    `write the table; the ending says how: ${LUT_FORMATS.map((format) => `.${format}`).join(', ')}`,
  ),
  flag(
    '--format',
    oneOf('<format>', LUT_FORMATS),
    `format, where the ending does not say: ${LUT_FORMATS.join(', ')}`,
  ),
  jsonFlag('print the table as JSON'),
] as const;
const NAMES = ['softmax', ...FUNCTION_NAMES, ...Object.keys(WINDOWLESS)];
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'lut',
    description: 'The look-up table of a function: for $readmemh, C, or as JSON',
    arguments: [{ name: '<function>', help: NAMES.join(', '), offer: { words: () => NAMES } }],
    flags: FLAGS,
    examples: [
      'mugi lut exp',
      'mugi lut silu --window -6..1 --out silu.mem',
      'mugi lut gelu --mantissa 4 --entries mean --out gelu.h',
      'mugi lut softmax --windows windows.json --layer 2 --json',
    ],
    run: ({ words: [name], flags, given }) => lut(name, flags, given),
  });

function lut(name: string, flags: Flags, given: ReadonlySet<string>): void {
  const { json, out, format } = flags;
  refuseIdle(given, [
    {
      flags: ['format'],
      when: json === true && out === undefined,
      because: 'names another format than JSON',
    },
    {
      flags: ['window', 'windows'],
      when: Object.hasOwn(WINDOWLESS, name),
      because: `finds no window to choose: the exponents of ${name} are handled by arithmetic`,
    },
  ]);
  const table = lutOf(name, flags);
  if (out !== undefined) {
    writeResult(out, lutText(table, formatOf(out, format)));
    if (json !== true) return;
  }
  output(flags, {
    json: () => lutRecord(table),
    text: () => (format === undefined ? lutTable(table) : lutText(table, format)),
  });
}

function lutOf(name: string, flags: Flags): Lut {
  const special = WINDOWLESS[name];
  const { mantissaBits, entries, window } = configure(vlpOptionsOf(flags, name === 'softmax' ? 'exp' : name));
  if (special === undefined || !Object.hasOwn(WINDOWLESS, name)) {
    const fn = functionNamed(name === 'softmax' ? 'exp' : name, '<function>');
    return buildLut(fn, { window, mantissaBits, entries });
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
  throw unknownName('ending of a LUT file', ending, LUT_FORMATS, 'out');
}
