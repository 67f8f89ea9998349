import type { After } from '../../kernel/kernels.ts';
import type { KvUse } from '../arithmetic.ts';

export interface KvShape {
  kvHeads: number;
  headDim: number;
}

/** Queries of one head against its keys. */
export interface ScoreProduct {
  /** [rows × headDim] */
  x: Float32Array;
  rows: number;
  limit: number;
  /** Rows lie `yStride` apart. */
  y: Float32Array;
  yStride: number;
  after?: After;
}

/** Keys and values of one sequence and layer, in kernel memory. */
export interface LayerKv {
  readonly kind: KvUse;
  /** Tokens held. */
  readonly length: number;
  /** Takes in rows [tokens × kvHeads·headDim]. */
  append(keys: Float32Array, values: Float32Array): void;
  /** Scores of one head with the first `limit` tokens: y[r][t] = x[r]·k[t], and what becomes of them. */
  scores(head: number, product: ScoreProduct): void;
  /** Probabilities times values of one head: [r] = Σ_t p[r][t]·v[t] over t < limit. p rows `pStride` apart. */
  mix(head: number, p: Float32Array, rows: number, pStride: number, limit: number): Float32Array;
  dispose(): void;
}

/** The rows of one head, which lie `stride` apart, close together. */
export function close(rows: Float32Array, count: number, stride: number, width: number): Float32Array {
  const out = new Float32Array(count * width);
  for (let r = 0; r < count; r++) out.set(rows.subarray(r * stride, r * stride + width), r * width);
  return out;
}
