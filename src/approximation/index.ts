import { unknownName } from '../errors.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import type { Approximation } from './approximation.ts';
import { fairPwl } from './fair-pwl.ts';
import { fairTaylor } from './fair-taylor.ts';
import { partial } from './partial.ts';
import { precise } from './precise.ts';
import { pwl } from './pwl.ts';
import { taylor } from './taylor.ts';
import { vlp } from './vlp.ts';

/** Parameters of all methods, each read by those it concerns. */
export interface MethodOptions {
  vlp?: VlpOptions;
  /** PWL: lines in all. */
  segments?: number;
  /** PWL: softmax and exp are covered from here to 0. */
  start?: number;
  /** PWL: activations are covered from minus this to this. */
  range?: number;
  /** Taylor as published: centre of the expansion. */
  centre?: number;
  /** Taylor: highest power. */
  degree?: number;
}

/** Ways to evaluate nonlinear functions by the names that every command takes; `exact` is rounded to BF16. */
export const APPROXIMATIONS: Readonly<Record<string, (options: MethodOptions) => Approximation>> = {
  vlp: ({ vlp: options }) => vlp(options),
  pwl: ({ segments, start, range }) => pwl({ segments, start, range }),
  'pwl-fair': ({ segments, start, range }) => fairPwl({ segments, start, range }),
  taylor: ({ centre, degree }) => taylor({ centre, degree }),
  'taylor-fair': ({ degree }) => fairTaylor({ degree }),
  pa: () => partial(),
  exact: () => precise({ rounding: 'bf16' }),
};

/** @throws MugiError for an unknown name, with the nearest */
export function approximationNamed(name: string, options: MethodOptions = {}, path?: string): Approximation {
  const create = Object.hasOwn(APPROXIMATIONS, name) ? APPROXIMATIONS[name] : undefined;
  if (create === undefined) throw unknownName('method', name, Object.keys(APPROXIMATIONS), path);
  return create(options);
}
