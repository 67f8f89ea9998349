import { type Arithmetic, roundActivations } from '../arithmetic.ts';
import type { GemmArithmetic } from '../../vlp/gemm.ts';
import { sharedKernels } from '../weight/kernel-memory.ts';
import type { WeightMatrix } from '../weight/weight-matrix.ts';

/** y = x · Wᵀ + bias. */
export class Linear {
  readonly weight: WeightMatrix;
  readonly bias: Float32Array | undefined;
  /** Of its tensor, by which a plan knows it. */
  readonly name: string;

  constructor(weight: WeightMatrix, bias?: Float32Array, name = '') {
    this.weight = weight;
    this.bias = bias;
    this.name = name;
  }

  /** x [rows × inputs] to y [rows × outputs], with the weights and the rounding that `arithmetic` says. */
  apply(x: Float32Array, rows: number, arithmetic?: Arithmetic): Float32Array {
    const weights =
      arithmetic?.weights.type === 'planned' ? arithmetic.weights.each[this.name] : arithmetic?.weights;
    const int4 = weights?.type === 'int4';
    const y = int4
      ? this.#int4Product(x, rows, weights.group, arithmetic!.products)
      : this.weight.product(x, rows);
    if (this.bias) addRows(y, this.bias);
    // BF16 sums leave nothing to round.
    else if (int4 && arithmetic!.products.accumulator === 'bf16') return y;
    return arithmetic ? roundActivations(y, arithmetic) : y;
  }

  /** The product of x, rounded to BF16, with INT4 weights that stay four bits in memory. */
  #int4Product(x: Float32Array, rows: number, group: number, products: GemmArithmetic): Float32Array {
    const { kernels, matrix } = this.weight.int4(group);
    return kernels.gemmInt4(x, rows, matrix, products);
  }
}

/**
 * Logits by the output matrix: as any other product of `arithmetic` where that quantises it, else as stored, exact and in
 * FP32.
 */
export const headProduct = (
  head: Linear,
  x: Float32Array,
  rows: number,
  arithmetic?: Arithmetic,
): Float32Array =>
  arithmetic?.head === undefined || arithmetic.head.type === 'stored'
    ? head.apply(x, rows)
    : head.apply(x, rows, { ...arithmetic, weights: arithmetic.head });

/** Adds `row` to every row of y, in place. */
export function addRows(y: Float32Array, row: Float32Array): void {
  for (let at = 0; at < y.length; at += row.length) {
    for (let i = 0; i < row.length; i++) y[at + i] += row[i];
  }
}

/** x += y, in place. */
export const addInPlace = (x: Float32Array, y: Float32Array): void => sharedKernels().vector.add(x, y, false);
