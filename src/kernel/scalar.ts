import { canonicalizeNaN, checkMatrix, gemm as gemmInt4Definition } from '../vlp/gemm.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import { checkOperands, checkWeights, type Kernels, type PackedMatrix, refuseForeign } from './kernels.ts';

/** The definition of `Kernels.gemm`: x [rows][inner] · weights [outputs][inner] transposed, into y. */
export function gemmDefinition(
  x: Float32Array,
  rows: number,
  weights: Float32Array,
  outputs: number,
  inner: number,
  y: Float32Array,
): void {
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum = Math.fround(sum + Math.fround(x[r * inner + i]! * weights[o * inner + i]!));
      }
      y[r * outputs + o] = sum;
    }
  }
  canonicalizeNaN(y);
}

class ScalarMatrix implements PackedMatrix {
  readonly format: 'f32' | 'bf16';
  readonly outputs: number;
  readonly inner: number;
  values: Float32Array | undefined;

  constructor(format: 'f32' | 'bf16', values: Float32Array, outputs: number, inner: number) {
    this.format = format;
    this.values = values;
    this.outputs = outputs;
    this.inner = inner;
  }

  dispose(): void {
    this.values = undefined;
  }
}

class ScalarInt4 implements PackedMatrix {
  readonly format = 'int4';
  readonly outputs: number;
  readonly inner: number;
  matrix: QuantizedMatrix | undefined;

  constructor(matrix: QuantizedMatrix) {
    this.matrix = { ...matrix, values: matrix.values.slice(), scales: matrix.scales.slice() };
    this.outputs = matrix.outputs;
    this.inner = matrix.inner;
  }

  dispose(): void {
    this.matrix = undefined;
  }
}

/** Kernels that are the definition itself: plain loops, one thread, no WebAssembly. */
export function createScalarKernels(): Kernels {
  return {
    backend: 'scalar',
    threads: 1,
    packF32(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      return new ScalarMatrix('f32', weights.slice(), outputs, inner);
    },
    packBf16(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      const bits = Uint32Array.from(weights, (word) => word << 16);
      return new ScalarMatrix('bf16', new Float32Array(bits.buffer), outputs, inner);
    },
    gemm(x, rows, weights, y) {
      if (!(weights instanceof ScalarMatrix) || weights.values === undefined) return refuseForeign();
      const { outputs, inner } = weights;
      const result = checkOperands(x, rows, weights, y);
      gemmDefinition(x, rows, weights.values, outputs, inner, result);
      return result;
    },
    packInt4(weights) {
      checkMatrix(weights);
      return new ScalarInt4(weights);
    },
    gemmInt4(x, rows, weights, arithmetic, y) {
      if (!(weights instanceof ScalarInt4) || weights.matrix === undefined) return refuseForeign();
      return gemmInt4Definition(x, rows, weights.matrix, arithmetic, checkOperands(x, rows, weights, y));
    },
    dispose() {},
  };
}
