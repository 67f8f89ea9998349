import type { Kernels, PackedMatrix } from '../kernel/kernels.ts';
import { createScalarKernels, operandOf } from '../kernel/scalar.ts';
import { encode } from '../number/bf16.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';

/** A product with an INT4 operand, as a model asks its kernels for it. */
export interface Product {
  rows: number;
  /** BF16 patterns, [rows][inner]. */
  activations: Uint16Array;
  /** What of the matrix takes part. */
  weights: QuantizedMatrix;
  /** What the kernels made of it, [rows][outputs]. */
  result: Float32Array;
}

/** Takes products in the place of the kernels: [rows][outputs]. */
export type Watcher = (product: Product) => Float32Array;

/** Kernels whose INT4 products can be watched and replaced. */
export interface WatchedKernels {
  kernels: Kernels;
  /** Runs something while every INT4 product goes through `watcher`. */
  watch<T>(watcher: Watcher, run: () => T): T;
}

/** An INT4 matrix in the order of the kernels that are watched, and as numbers. */
class Watched implements PackedMatrix {
  readonly format = 'int4';
  readonly packed: PackedMatrix;
  readonly numbers: PackedMatrix;

  constructor(packed: PackedMatrix, numbers: PackedMatrix) {
    this.packed = packed;
    this.numbers = numbers;
  }

  get outputs(): number {
    return this.packed.outputs;
  }

  get inner(): number {
    return this.packed.inner;
  }

  get bytes(): number {
    return this.packed.bytes;
  }

  dispose(): void {
    this.packed.dispose();
    this.numbers.dispose();
  }
}

/** The same kernels, with a second copy of each INT4 matrix as numbers beside the packed one, from which products can be read. */
export function watchedKernels(fast: Kernels): WatchedKernels {
  const scalar = createScalarKernels();
  let watcher: Watcher | undefined;
  const own = (matrix: PackedMatrix): Watched => {
    if (matrix instanceof Watched) return matrix;
    throw new RangeError('a matrix of other kernels');
  };
  const kernels: Kernels = {
    ...fast,
    packInt4: (weights) => new Watched(fast.packInt4(weights), scalar.packInt4(weights)),
    quantizeInt4: (...given) => new Watched(fast.quantizeInt4(...given), scalar.quantizeInt4(...given)),
    reserveInt4: (...given) => new Watched(fast.reserveInt4(...given), scalar.reserveInt4(...given)),
    growInt4: (weights, ...sizes) =>
      new Watched(
        fast.growInt4(own(weights).packed, ...sizes),
        scalar.growInt4(own(weights).numbers, ...sizes),
      ),
    writeInt4(weights, ...block) {
      fast.writeInt4(own(weights).packed, ...block);
      scalar.writeInt4(own(weights).numbers, ...block);
    },
    gemmInt4(x, rows, weights, arithmetic, y, part = {}) {
      const { packed, numbers } = own(weights);
      if (watcher === undefined) return fast.gemmInt4(x, rows, packed, arithmetic, y, part);
      // The watcher sees the product itself; what becomes of results follows what it makes of them.
      const { after, ...product } = part;
      const made = fast.gemmInt4(x, rows, packed, arithmetic, y, product);
      const { from = 0, to = weights.outputs, inner = weights.inner } = part;
      const { xStride = inner, yStride = to - from } = part;
      const activations = new Uint16Array(rows * inner);
      for (let r = 0; r < rows; r++) {
        const row = x.subarray(r * xStride, r * xStride + inner);
        activations.set(row instanceof Uint16Array ? row : encode(row), r * inner);
      }
      const operand = operandOf(numbers, to, inner);
      const result = new Float32Array(rows * to);
      for (let r = 0; r < rows; r++)
        result.set(made.subarray(r * yStride, r * yStride + to - from), r * to + from);
      const replaced = watcher({ rows, activations, weights: operand, result });
      for (let r = 0; r < rows; r++) {
        const row = replaced.subarray(r * to + from, (r + 1) * to);
        if (after !== undefined) fast.vector.multiply(row, after.factor, after.bf16);
        made.set(row, r * yStride);
      }
      return made;
    },
    dispose() {
      fast.dispose();
      scalar.dispose();
    },
  };
  return {
    kernels,
    watch(seen, run) {
      watcher = seen;
      try {
        return run();
      } finally {
        watcher = undefined;
      }
    },
  };
}
