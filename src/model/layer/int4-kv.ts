import type { GemmArithmetic } from '../../vlp/gemm.ts';
import { quantizeKeys, quantizeValues } from '../../vlp/quantize.ts';
import { allocate, type Allocation, free, replace } from '../weight/kernel-memory.ts';
import { close, type KvShape, type LayerKv, type ScoreProduct } from './layer-kv.ts';

/** Tokens for which a cache of unknown length has room at first; it doubles when it is full. */
const FIRST = 128;

/** Keys [tokens × headDim] and values, transposed [headDim × tokens], of one head. */
interface Head {
  keys: Allocation;
  values: Allocation;
}

/**
 * Keys and values of one sequence and layer as INT4, every token's as soon as it is there, with one scale for each token
 * and head. A key is a row of the array in q·kᵀ, so that its scale follows the sum, as a weight's does; a value's
 * scale is multiplied into the probability of its token. The array executes both as any other GEMM.
 */
export class Int4Kv implements LayerKv {
  readonly kind = 'int4';
  readonly #shape: KvShape;
  readonly #products: GemmArithmetic;
  #heads: Head[] = [];
  #capacity: number;
  #length = 0;

  constructor(shape: KvShape, products: GemmArithmetic, tokens = FIRST) {
    this.#shape = shape;
    this.#products = products;
    this.#capacity = tokens;
    const { kvHeads, headDim } = shape;
    const bytes = (tokens * headDim) / 2;
    this.#heads = Array.from({ length: kvHeads }, () => ({
      keys: allocate(bytes, (kernels) => kernels.reserveInt4(tokens, headDim, headDim, 'inner')),
      values: allocate(bytes, (kernels) => kernels.reserveInt4(headDim, tokens, headDim, 'outer')),
    }));
  }

  get length(): number {
    return this.#length;
  }

  append(keys: Float32Array, values: Float32Array): void {
    const { kvHeads, headDim } = this.#shape;
    const width = kvHeads * headDim;
    const count = keys.length / width;
    this.#grow(this.#length + count);
    for (const [h, head] of this.#heads.entries()) {
      const k = quantizeKeys(close(keys.subarray(h * headDim), count, width, headDim), count, headDim);
      head.keys.kernels.writeInt4(head.keys.matrix, { output: this.#length, inner: 0 }, k);
      const v = quantizeValues(close(values.subarray(h * headDim), count, width, headDim), count, headDim);
      head.values.kernels.writeInt4(head.values.matrix, { output: 0, inner: this.#length }, v);
    }
    this.#length += count;
  }

  scores(head: number, { x, rows, limit, y, yStride, after }: ScoreProduct): void {
    const { kernels, matrix } = this.#heads[head].keys;
    kernels.gemmInt4(x, rows, matrix, this.#products, y, { to: limit, yStride, after });
  }

  mix(head: number, p: Float32Array, rows: number, pStride: number, limit: number): Float32Array {
    const { kernels, matrix } = this.#heads[head].values;
    return kernels.gemmInt4(p, rows, matrix, this.#products, undefined, { inner: limit, xStride: pStride });
  }

  dispose(): void {
    for (const { keys, values } of this.#heads) {
      free(keys);
      free(values);
    }
    this.#heads = [];
  }

  #grow(tokens: number): void {
    if (tokens <= this.#capacity) return;
    while (this.#capacity < tokens) this.#capacity *= 2;
    const [capacity, { headDim }] = [this.#capacity, this.#shape];
    for (const head of this.#heads) {
      head.keys = replace(head.keys, ({ kernels, matrix }) => kernels.growInt4(matrix, capacity, headDim));
      head.values = replace(head.values, ({ kernels, matrix }) =>
        kernels.growInt4(matrix, headDim, capacity),
      );
    }
  }
}
