import type { Arithmetic } from '../../src/model/arithmetic.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';

/** A checkpoint as it is stored, with exact functions. */
export const exact = {
  activations: 'fp32',
  weights: { type: 'stored' },
  kv: 'fp32',
  products: EXACT_SUMS,
  nonlinear: exactNonlinear,
} as const satisfies Arithmetic;

/** The same with INT4 weights, keys and values, and BF16 activations. */
export const int4 = {
  ...exact,
  activations: 'bf16',
  weights: { type: 'int4', group: 16 },
  kv: 'int4',
} as const satisfies Arithmetic;
