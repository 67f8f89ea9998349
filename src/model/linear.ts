import { type Arithmetic, stored } from './arithmetic.ts';
import { pack, product, release } from './backend.ts';
import { gemmTransposed } from './gemm.ts';
import { Int4Matrix } from './int4-matrix.ts';
import type { PackedMatrix } from '../kernel/kernels.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/** Weight rows that are expanded to float32 at a time. */
const PANEL = 256;

/** y = x · Wᵀ + bias. */
export class Linear {
  readonly weight: WeightMatrix;
  readonly bias: Float32Array | undefined;
  #int4: Int4Matrix | undefined;
  readonly #packed = new Map<WeightMatrix | Int4Matrix, PackedMatrix | undefined>();

  constructor(weight: WeightMatrix, bias?: Float32Array) {
    this.weight = weight;
    this.bias = bias;
  }

  /** x [rows × inputs] to y [rows × outputs], with the weights and the rounding that `arithmetic` says. */
  apply(x: Float32Array, rows: number, arithmetic?: Arithmetic): Float32Array {
    const matrix = this.#matrix(arithmetic);
    if (!this.#packed.has(matrix)) this.#packed.set(matrix, pack(matrix));
    const packed = this.#packed.get(matrix);
    const y = packed ? product(x, rows, packed) : byPanels(x, rows, matrix);
    if (this.bias) addRows(y, this.bias);
    return arithmetic ? stored(y, arithmetic) : y;
  }

  #matrix(arithmetic: Arithmetic | undefined): WeightMatrix | Int4Matrix {
    if (arithmetic?.weights.type !== 'int4') return this.weight;
    const group = Math.min(arithmetic.weights.group, this.weight.inputs);
    if (this.#int4?.group !== group) {
      const old = this.#int4 && this.#packed.get(this.#int4);
      if (old) release(old);
      if (this.#int4) this.#packed.delete(this.#int4);
      this.#int4 = new Int4Matrix(this.weight, group);
    }
    return this.#int4;
  }
}

function byPanels(x: Float32Array, rows: number, matrix: WeightMatrix | Int4Matrix): Float32Array {
  const { inputs, outputs } = matrix;
  const y = new Float32Array(rows * outputs);
  for (let from = 0; from < outputs; from += PANEL) {
    const to = Math.min(outputs, from + PANEL);
    gemmTransposed(
      { data: x, offset: 0, stride: inputs },
      { data: matrix.rows(from, to), offset: 0, stride: inputs },
      { data: y, offset: from, stride: outputs },
      rows,
      to - from,
      inputs,
    );
  }
  return y;
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
