import { type Command, Option } from 'commander';
import { windowAt } from '../../accuracy/windows/window-choice.ts';
import { readWindowFile } from '../../accuracy/windows/window-file.ts';
import { MugiError, wholeNumber } from '../../errors.ts';
import { MODES, NORMALISATIONS, type VlpOptions } from '../../vlp/mode.ts';
import { parseWindow, type ExponentWindow } from '../../vlp/window.ts';
import { number } from './command.ts';

/** Flags of the commands that evaluate or store one VLP function. */
export interface VlpFlags {
  window?: ExponentWindow;
  windows?: string;
  layer?: number;
  head?: number;
  anchor?: VlpOptions['anchor'];
  mantissa?: number;
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
    .option('--head <n>', 'with --windows: the head', (text) =>
      wholeNumber('--head', number('--head')(text), 0, 1e6),
    )
    .option('--mantissa <bits>', 'mantissa bits of the temporal code (default: 3)', (text) =>
      wholeNumber('--mantissa', number('--mantissa')(text), 1, 7),
    )
    .addOption(
      new Option('--entries <kind>', 'LUT entry: f at the point, or its mean over the rounding bin').choices([
        'point',
        'mean',
      ]),
    );
}

export interface ModeFlags extends VlpFlags {
  mode?: VlpOptions['mode'];
  below?: VlpOptions['below'];
  range?: VlpOptions['range'];
  normalise?: VlpOptions['normalise'];
}

export function addModeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--mode <mode>', 'rules outside the window: docs/vlp.md (default: hardware)').choices(MODES),
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

/** VLP options that the flags ask for; a window file gives the function's window and the mantissa's bits. */
export function vlpOptionsOf(flags: VlpFlags & Partial<ModeFlags>, fn: string): VlpOptions {
  const options: VlpOptions = { mantissaBits: flags.mantissa ?? 3 };
  if (flags.window !== undefined) options.window = flags.window;
  if (flags.windows !== undefined) Object.assign(options, fromFile(flags, flags.windows, fn));
  for (const key of ['layer', 'head'] as const) {
    if (flags.windows !== undefined || flags[key] === undefined) continue;
    throw new MugiError({ code: 'invalid-value', message: `--${key} needs --windows`, path: `--${key}` });
  }
  for (const key of ['mode', 'anchor', 'entries', 'below', 'range', 'normalise'] as const) {
    if (flags[key] !== undefined) Object.assign(options, { [key]: flags[key] });
  }
  return options;
}

function fromFile({ window, mantissa, layer, head }: VlpFlags, path: string, fn: string): VlpOptions {
  const fail = (message: string, received: string): never => {
    throw new MugiError({
      code: 'invalid-value',
      message,
      path: '--windows',
      expected: 'one of them',
      received,
    });
  };
  if (window !== undefined) fail('--window and --windows both set the window', path);
  const file = readWindowFile(path);
  if (mantissa !== undefined && mantissa !== file.mantissa_bits)
    fail(`--mantissa ${mantissa} contradicts the file`, `mantissa_bits ${file.mantissa_bits}`);
  const place = { function: fn === 'exp' ? 'softmax' : fn, layer, head };
  const { lo, hi, anchor } = windowAt(file.windows, place, path);
  return { window: { lo, hi }, anchor, mantissaBits: file.mantissa_bits };
}
