import { type Arithmetic, stored } from './arithmetic.ts';
import { gemmTransposed } from './gemm.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/** Weight rows that are expanded to float32 at a time. */
const PANEL = 256;

/** y = x · Wᵀ + bias. */
export class Linear {
  readonly weight: WeightMatrix;
  readonly bias: Float32Array | undefined;
  #expanded: Float32Array | undefined;

  constructor(weight: WeightMatrix, bias?: Float32Array) {
    this.weight = weight;
    this.bias = bias;
  }

  /** x [rows × inputs] to y [rows × outputs], rounded as `arithmetic` says. */
  apply(x: Float32Array, rows: number, arithmetic?: Arithmetic): Float32Array {
    const { inputs, outputs } = this.weight;
    const y = new Float32Array(rows * outputs);
    this.#expanded ??= outputs * inputs <= 2 ** 24 ? this.weight.rows(0, outputs) : undefined;
    for (let from = 0; from < outputs; from += PANEL) {
      const to = Math.min(outputs, from + PANEL);
      const data = this.#expanded ?? this.weight.rows(from, to);
      gemmTransposed(
        { data: x, offset: 0, stride: inputs },
        { data, offset: this.#expanded ? from * inputs : 0, stride: inputs },
        { data: y, offset: from, stride: outputs },
        rows,
        to - from,
        inputs,
      );
    }
    if (this.bias) addRows(y, this.bias);
    return arithmetic ? stored(y, arithmetic) : y;
  }
}

/** Adds `row` to every row of y, in place. */
export function addRows(y: Float32Array, row: Float32Array): void {
  for (let at = 0; at < y.length; at += row.length) {
    for (let i = 0; i < row.length; i++) y[at + i]! += row[i]!;
  }
}

/** x += y, in place. */
export function addInPlace(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i]! += y[i]!;
}
