import { windowAt } from '../../accuracy/windows/window-choice.ts';
import { readWindowFile } from '../../accuracy/windows/window-file.ts';
import { MugiError } from '../../errors.ts';
import { CODE_BITS } from '../../vlp/array.ts';
import { DEFAULT_WINDOW, MODES, type VlpOptions } from '../../vlp/mode.ts';
import { NORMALISATIONS } from '../../vlp/row-sum.ts';
import { FILE, flag, type FlagsOf, oneOf, whole, WINDOW } from './flag.ts';

/** The largest layer or head that a place in a window file can name. */
const MAX_PLACE = 65535;

/** A place in a file of mugi tune. */
const placeFlags = (more: { onlyWith?: '--windows' }) =>
  [
    flag('--layer', whole(0, MAX_PLACE), 'the layer whose window is used, from 0', more),
    flag('--head', whole(0, MAX_PLACE), 'the head, from 0', more),
  ] as const;

/** Places of a window file. */
const PLACE_FLAGS = placeFlags({ onlyWith: '--windows' });

/** Places of a window file or a plan. */
export const PLANNED_PLACE_FLAGS = placeFlags({});

export const ANCHOR_FLAG = flag(
  '--anchor',
  oneOf('<end>', ['max', 'min']),
  "end of a group's exponents that its sliding window follows: max or min (default: max)",
);

/** Flags of the commands that evaluate or store one VLP function. */
export const WINDOW_FLAGS = [
  flag(
    '--window',
    WINDOW,
    `IEEE exponents stored in the LUT (default: ${DEFAULT_WINDOW.lo}..${DEFAULT_WINDOW.hi})`,
  ),
  flag('--windows', FILE, 'take the window from a file of mugi tune'),
  ...PLACE_FLAGS,
  flag('--mantissa', whole(1, 7), `mantissa bits of the temporal code (default: ${CODE_BITS})`),
  flag(
    '--entries',
    oneOf('<kind>', ['point', 'mean']),
    'LUT entry: f at the point, or its mean over the rounding bin',
  ),
] as const;

/** Rules outside the window. */
export const MODE_FLAGS = [
  flag('--mode', oneOf('<mode>', MODES), `rules outside the window, docs/vlp.md: ${MODES.join(', ')}`),
  ANCHOR_FLAG,
  flag('--below', oneOf('<rule>', ['zero', 'linear']), 'under the window: zero (f(0)) or linear (the limit)'),
  flag(
    '--range',
    oneOf('<kind>', ['window', 'reduced']),
    'softmax: window, or reduced (exact reduction by ln 2)',
  ),
  flag('--normalise', oneOf('<how>', NORMALISATIONS), `softmax, 1/sum: ${NORMALISATIONS.join(', ')}`),
] as const;

type WindowFlags = FlagsOf<typeof WINDOW_FLAGS>;
type ModeFlags = FlagsOf<typeof MODE_FLAGS>;

/** VLP options that the flags ask for; a window file gives the function's window and the mantissa's bits. */
export function vlpOptionsOf(flags: WindowFlags & Partial<ModeFlags>, fn: string): VlpOptions {
  const options: VlpOptions = { mantissaBits: flags.mantissa ?? CODE_BITS };
  if (flags.window !== undefined) options.window = flags.window;
  if (flags.windows !== undefined) Object.assign(options, fromFile(flags, flags.windows, fn));
  for (const key of ['mode', 'anchor', 'entries', 'below', 'range', 'normalise'] as const) {
    if (flags[key] !== undefined) Object.assign(options, { [key]: flags[key] });
  }
  return options;
}

function fromFile({ window, mantissa, layer, head }: WindowFlags, path: string, fn: string): VlpOptions {
  const fail = (message: string, received: string): never => {
    throw new MugiError({
      code: 'invalid-value',
      message,
      path: 'windows',
      expected: 'one of them',
      received,
    });
  };
  if (window !== undefined) fail('`window` and `windows` both set the window', path);
  const file = readWindowFile(path);
  if (mantissa !== undefined && mantissa !== file.mantissa_bits)
    fail(`\`mantissa\` ${mantissa} contradicts the file`, `mantissa_bits ${file.mantissa_bits}`);
  const place = { function: fn === 'exp' ? 'softmax' : fn, layer, head };
  const { lo, hi, anchor } = windowAt(file.windows, place, path);
  return { window: { lo, hi }, anchor, mantissaBits: file.mantissa_bits };
}
