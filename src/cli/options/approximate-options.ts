import { APPROXIMATIONS } from '../../approximation/index.ts';
import type { ApproximationRequest } from '../../compare/approximation-errors.ts';
import { MugiError } from '../../errors.ts';
import { functionNamed } from '../../vlp/function.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import { ROW_SUM_FLAGS } from './arithmetic-flags.ts';
import { flag, type FlagsOf, list, OUT_FILE, real, SWITCH, whole } from './flag.ts';
import { refuseIdle } from './idle.ts';
import { csvFlag, jsonFlag } from './output.ts';
import { MODE_FLAGS, WINDOW_FLAGS } from './vlp-options.ts';

/** A number, `nan`, `inf` or `-inf`. */
function input(key: string, word: string): number {
  const named = { nan: Number.NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity }[word.toLowerCase()];
  const value = named ?? Number(word);
  if (named !== undefined || !Number.isNaN(value)) return value;
  throw new MugiError({
    code: 'invalid-value',
    message: `${key} takes numbers, NaN, inf and -inf`,
    path: key,
    expected: 'for example -0.7,-3.2',
    received: word,
  });
}

export const APPROXIMATION_FLAGS = [
  flag(
    '--method',
    list(
      '<list>',
      (_, word) => word,
      () => [...Object.keys(APPROXIMATIONS), 'all'],
    ),
    `${Object.keys(APPROXIMATIONS).join(', ')}, or all`,
    { default: ['vlp'] },
  ),
  flag('--x', list('<values>', input), 'answers to these inputs, a,b,…, as one group (softmax: as one row)'),
  ...WINDOW_FLAGS,
  ...MODE_FLAGS,
  ...ROW_SUM_FLAGS,
  flag('--segments', whole(1, 1024), 'PWL: lines'),
  flag('--start', real(), 'PWL: exp is covered from here to 0'),
  flag('--interval', real(), 'PWL: activations are covered from −x to x'),
  flag('--centre', real(), 'Taylor as published: centre'),
  flag('--degree', whole(1, 30), 'Taylor: highest power'),
  flag('--cost', SWITCH, 'beside the errors, what the method costs in hardware (softmax and activations)'),
  flag('--keys', whole(1, 1 << 20), 'softmax: scores in a row', { default: 1024 }),
  flag('--seed', whole(0, 2 ** 32 - 1), 'softmax: seed of the scores', { default: 1 }),
  flag('--plot', OUT_FILE, 'draw the relative error, as .svg, .png or .json'),
  jsonFlag('print one JSON object'),
  csvFlag('print CSV rows'),
] as const;
export type ApproximationFlags = FlagsOf<typeof APPROXIMATION_FLAGS>;

export function refuseIdleApproximation(
  { name, methods, costs }: ApproximationRequest,
  { x, range, below, mode }: ApproximationFlags,
  given: ReadonlySet<string>,
): void {
  const has = (...wanted: string[]): boolean => wanted.some((method) => methods.includes(method));
  const softmax = name === 'softmax';
  const exponential = softmax || name === 'exp';
  const pwl = has('pwl', 'pwl-fair');
  const windowed = has('vlp') && !Object.hasOwn(WINDOWLESS, name);
  const inWindow = windowed && range !== 'reduced';
  const linear = windowed && !softmax && functionNamed(name).slope !== undefined;
  refuseIdle(given, [
    { flags: ['plot'], when: x !== undefined, because: 'draws ranges, and has nothing to draw with --x' },
    {
      flags: ['window', 'windows', 'anchor', 'mode'],
      when: !inWindow,
      because: 'is for functions that VLP evaluates in a window',
    },
    { flags: ['mantissa'], when: !has('vlp'), because: 'is for vlp' },
    {
      flags: ['entries'],
      when: !has('vlp') || name === 'sin' || name === 'cos',
      because: 'is for look-up tables of vlp',
    },
    { flags: ['keys', 'seed'], when: !softmax || x !== undefined, because: 'is for softmax, without --x' },
    {
      flags: ['below'],
      when: !windowed || (!linear && below !== 'zero'),
      because: `linear has no meaning for ${name}, whose value at 0 is not 0`,
    },
    { flags: ['range'], when: !windowed || !exponential, because: 'is for exp and softmax under VLP' },
    { flags: ['normalise'], when: !softmax || !has('vlp'), because: 'is for softmax under VLP' },
    {
      flags: ['design', 'preset', 'arithmetic'],
      when: !softmax || !has('vlp') || mode === 'artifact',
      because: 'is for sums of softmax under VLP, which mode artifact has of its own',
    },
    { flags: ['segments'], when: !pwl, because: 'is for pwl and pwl-fair' },
    { flags: ['start'], when: !pwl || !exponential, because: 'is for exp and softmax by pwl and pwl-fair' },
    { flags: ['interval'], when: !pwl || exponential, because: 'is for activations by pwl and pwl-fair' },
    { flags: ['centre'], when: !has('taylor'), because: 'is for taylor' },
    {
      flags: ['cost'],
      when: costs === undefined || x !== undefined,
      because: 'is for softmax and activations, over ranges',
    },
    { flags: ['degree'], when: !has('taylor', 'taylor-fair'), because: 'is for taylor and taylor-fair' },
  ]);
}
