import type { GemmArithmetic } from '../vlp/gemm.ts';
import type { NonlinearEvaluator } from './layer/nonlinear.ts';
import { sharedKernels } from './weight/kernel-memory.ts';

/** A matrix as the checkpoint stores it, or as symmetric INT4 with one scale per `group` inputs. */
export type WeightUse = { type: 'stored' } | { type: 'int4'; group: number };
/** Keys and values as computed, or quantised to INT4 when they enter the cache. */
export type KvUse = 'fp32' | 'int4';

/** How a forward pass computes, besides the weights: rounding, KV quantisation, nonlinear functions. */
export interface Arithmetic {
  /** `fp32`: results as computed. `bf16`: every operator's result is rounded to BF16, as on the hardware. */
  activations: 'fp32' | 'bf16';
  /** The layers' matrices, all alike or each by the name of its tensor (`stored` where none is said). */
  weights: WeightUse | { type: 'planned'; each: Readonly<Record<string, WeightUse>> };
  /** The output matrix, or the classifier; as stored where nothing is said. A tied embedding is read as stored. */
  head?: WeightUse;
  /** Keys and values, all alike or by the place of their softmax. */
  kv: KvUse | readonly KvUse[];
  /** What products with INT4 weights, keys and values compute; their other operand is BF16, as the array reads it. */
  products: GemmArithmetic;
  nonlinear: NonlinearEvaluator;
}

/** What becomes of keys and values of one softmax. */
export const kvOf = ({ kv }: Pick<Arithmetic, 'kv'>, place: number): KvUse =>
  typeof kv === 'string' ? kv : kv[place];

/** Rounds an operator's result where the arithmetic asks for it; returns its argument. */
export function roundActivations(x: Float32Array, arithmetic: Arithmetic): Float32Array {
  if (arithmetic.activations === 'bf16') sharedKernels().vector.round(x);
  return x;
}

/** Multiplies an operator's result by another's, in place, and rounds it likewise. */
export function multiplyActivations(x: Float32Array, by: Float32Array, arithmetic: Arithmetic): void {
  sharedKernels().vector.multiply(x, by, arithmetic.activations === 'bf16');
}
