import { toBits } from '../../../number/bf16.ts';
import { gaussian, random } from '../../../number/random.ts';
import type { GemmJob } from './gemm.ts';
import type { NodeFunctionName } from './node-function.ts';
import type { NonlinearJob } from './nonlinear.ts';

/** Sizes and values of a GEMM. */
export type GemmOperands = Pick<GemmJob, 'm' | 'k' | 'n' | 'activations' | 'weights' | 'scales'> & {
  groupSize: number;
};

/** A random GEMM: activations as after a normalisation, all weights of the temporal code alike. */
export interface GemmDraw {
  rows: number;
  m: number;
  k: number;
  n: number;
  /** Inner indices that share a random scale; without, all scales are 1. */
  group?: number;
  seed: number;
  accumulation?: GemmJob['accumulation'];
  /** Inner indices of a chain of sums. */
  chain?: number;
}

export const randomGemm = ({ rows, accumulation, chain, ...draw }: GemmDraw): GemmJob => ({
  rows,
  accumulation,
  chain,
  ...randomOperands(draw),
});

/** The operands alone, which any array takes. */
export function randomOperands({ m, k, n, group, seed }: Omit<GemmDraw, 'rows'>): GemmOperands {
  const next = random(seed);
  const groups = Math.ceil(k / (group ?? k));
  return {
    m,
    k,
    n,
    groupSize: group ?? k,
    activations: patternsOf(gaussian(next, m * k, 1)),
    weights: Int8Array.from({ length: n * k }, () => Math.floor(next() * 15) - 7),
    scales:
      group === undefined
        ? undefined
        : patternsOf(Float64Array.from({ length: n * groups }, () => next() / 8)),
  };
}

/** A random input of softmax or of a function, [height][width]; that of exp is not positive, as behind a maximum. */
export function randomTensor(
  operation: 'softmax' | NodeFunctionName,
  height: number,
  width: number,
  seed: number,
): Pick<NonlinearJob, 'input' | 'height' | 'width'> {
  const values = gaussian(random(seed), height * width, operation === 'softmax' ? 2 : 1.5);
  return {
    height,
    width,
    input: patternsOf(operation === 'exp' ? values.map((x) => -Math.abs(x)) : values),
  };
}

/** BF16 patterns of values. */
export const patternsOf = (values: Float64Array): Uint16Array => Uint16Array.from(values, toBits);
