import { MugiError } from '../../errors.ts';
import { functionNamed } from '../../vlp/function.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import type { Asked } from '../job/approximate-job.ts';
import type { ModeFlags } from './vlp-options.ts';

export interface Flags extends ModeFlags {
  method: string[];
  x?: number[];
  segments?: number;
  start?: number;
  interval?: number;
  centre?: number;
  degree?: number;
  cost?: boolean;
  keys?: number;
  seed?: number;
  plot?: string;
  json?: boolean;
  csv?: boolean;
}

/** Refuses flags that would have no effect, rather than let a result be taken for what it is not. */
export function refuseIdle(asked: Asked, flags: Flags): void {
  const { name, methods } = asked;
  const has = (...wanted: string[]): boolean => wanted.some((method) => methods.includes(method));
  const softmax = name === 'softmax';
  const windowed = has('vlp') && !Object.hasOwn(WINDOWLESS, name);
  const inWindow = windowed && flags.range !== 'reduced';
  const windows = 'is for functions that VLP evaluates in a window';
  const linear = windowed && !softmax && functionNamed(name).slope !== undefined;
  const idle: [keyof Flags, boolean, string][] = [
    ['plot', flags.x === undefined, 'draws ranges, and has nothing to draw with --x'],
    ['window', inWindow, windows],
    ['windows', inWindow, windows],
    ['anchor', inWindow, windows],
    ['mode', inWindow, windows],
    ['mantissa', has('vlp'), 'is for vlp'],
    ['entries', has('vlp') && name !== 'sin' && name !== 'cos', 'is for look-up tables of vlp'],
    ['keys', softmax && flags.x === undefined, 'is for softmax, without --x'],
    ['seed', softmax && flags.x === undefined, 'is for softmax, without --x'],
    [
      'below',
      windowed && (linear || flags.below === 'zero'),
      `linear has no meaning for ${name}, whose value at 0 is not 0`,
    ],
    ['range', windowed && (softmax || name === 'exp'), 'is for exp and softmax under VLP'],
    ['normalise', softmax && has('vlp'), 'is for softmax under VLP'],
    ['segments', has('pwl', 'pwl-fair'), 'is for pwl and pwl-fair'],
    [
      'start',
      has('pwl', 'pwl-fair') && (softmax || name === 'exp'),
      'is for exp and softmax by pwl and pwl-fair',
    ],
    [
      'interval',
      has('pwl', 'pwl-fair') && !softmax && name !== 'exp',
      'is for activations by pwl and pwl-fair',
    ],
    ['centre', has('taylor'), 'is for taylor'],
    [
      'cost',
      asked.costs !== undefined && flags.x === undefined,
      `is for softmax and activations, over ranges`,
    ],
    ['degree', has('taylor', 'taylor-fair'), 'is for taylor and taylor-fair'],
  ];
  for (const [key, used, why] of idle) {
    if (used || flags[key] === undefined) continue;
    throw new MugiError({ code: 'invalid-value', message: `--${key} ${why}`, path: `--${key}` });
  }
}
