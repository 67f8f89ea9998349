import { erfc } from '../number/erf.ts';
import { exp } from '../number/exp.ts';
import { GELU_TANH } from './function.ts';

const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const gate =
  (f: (x: number) => number) =>
  (x: number): number =>
    x === -Infinity ? 0 : f(x);

/**
 * Exact activations of FP32 tensors in double precision, to be rounded to FP32: the functions of the same names in function.ts
 * around the e^x of src/number/exp.ts, which kernels compute to the bit. The kernels name them by their order.
 */
export const EXACT_ACTIVATIONS = {
  silu: gate((x) => x * sigmoid(x)),
  gelu: gate((x) => 0.5 * x * erfc(-x * Math.SQRT1_2, exp)),
  'gelu-tanh': gate((x) => x * sigmoid(2 * GELU_TANH * (x + 0.044715 * (x * x * x)))),
  'gelu-quick': gate((x) => x * sigmoid(1.702 * x)),
} as const;

export type ExactActivation = keyof typeof EXACT_ACTIVATIONS;

/** The exact activation of a name, where there is one of these. */
export const exactActivation = (name: string): ((x: number) => number) | undefined =>
  Object.hasOwn(EXACT_ACTIVATIONS, name) ? EXACT_ACTIVATIONS[name as ExactActivation] : undefined;
