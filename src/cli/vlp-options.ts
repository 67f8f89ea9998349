import { type Command, Option } from 'commander';
import { readWindowFile, windowFor } from '../accuracy/window-file.ts';
import { MugiError, wholeNumber } from '../errors.ts';
import { MODES, NORMALISATIONS, type VlpOptions } from '../vlp/mode.ts';
import { parseWindow, type Window } from '../vlp/window.ts';
import { number } from './command.ts';

/** Flags of the commands that evaluate or store one VLP function. */
export interface VlpFlags {
  window?: Window;
  windows?: string;
  layer?: number;
  anchor?: VlpOptions['anchor'];
  mantissa: number;
  entries?: VlpOptions['entries'];
}

export function addWindowOptions(command: Command): Command {
  return command
    .option('--window <lo..hi>', 'IEEE exponents stored in the LUT (default: -4..3)', (text) =>
      parseWindow(text),
    )
    .option('--windows <file>', 'take the window from a file of mugi tune')
    .option('--layer <n>', 'with --windows: the layer whose window is used', (text) =>
      wholeNumber('--layer', number('--layer')(text), 0, 1e6),
    )
    .option(
      '--mantissa <bits>',
      'mantissa bits of the temporal code',
      (text) => wholeNumber('--mantissa', number('--mantissa')(text), 1, 7),
      3,
    )
    .addOption(
      new Option('--entries <kind>', 'LUT entry: f at the point, or its mean over the rounding bin').choices([
        'point',
        'mean',
      ]),
    );
}

export interface ModeFlags extends VlpFlags {
  mode: VlpOptions['mode'];
  below?: VlpOptions['below'];
  range?: VlpOptions['range'];
  normalise?: VlpOptions['normalise'];
}

export function addModeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--mode <mode>', 'rules outside the window: docs/vlp.md').choices(MODES).default('hardware'),
    )
    .addOption(
      new Option('--anchor <end>', 'end of a group’s exponents that its window follows').choices([
        'max',
        'min',
      ]),
    )
    .addOption(
      new Option('--below <rule>', 'under the window: f(0), or the linear limit').choices(['zero', 'linear']),
    )
    .addOption(
      new Option('--range <kind>', 'softmax: window, or exact reduction by ln 2').choices([
        'window',
        'reduced',
      ]),
    )
    .addOption(new Option('--normalise <how>', 'softmax: 1/sum').choices(NORMALISATIONS));
}

/** VLP options that the flags ask for; a window file is asked for the function's window. */
export function vlpOptionsOf(flags: VlpFlags & Partial<ModeFlags>, fn: string): VlpOptions {
  const options: VlpOptions = { mantissaBits: flags.mantissa };
  if (flags.window !== undefined) options.window = flags.window;
  if (flags.windows !== undefined) {
    if (flags.window !== undefined) {
      throw new MugiError({
        code: 'invalid-value',
        message: '--window and --windows both set the window',
        path: '--windows',
        expected: 'one of them',
      });
    }
    const file = readWindowFile(flags.windows);
    const name = fn === 'exp' ? 'softmax' : fn;
    const entry = windowFor(file.windows, name, flags.layer ?? 0);
    if (entry === undefined) {
      const known = [...new Set(file.windows.map((window) => window.function))];
      throw new MugiError({
        code: 'invalid-value',
        message: `the file has no window for ${name}${flags.layer === undefined ? '' : ` in layer ${flags.layer}`}`,
        path: flags.windows,
        expected: `one of its functions: ${known.join(', ')}`,
        received: name,
        nearest: known[0],
      });
    }
    Object.assign(options, { window: { lo: entry.lo, hi: entry.hi }, anchor: entry.anchor });
  }
  for (const key of ['mode', 'anchor', 'entries', 'below', 'range', 'normalise'] as const) {
    if (flags[key] !== undefined) Object.assign(options, { [key]: flags[key] });
  }
  return options;
}
