import { checkOperands, checkWeights, type Kernels, type PackedMatrix, refuseForeign } from './kernels.ts';

const NAN_BITS = 0x7fc00000;

/** Every NaN of `values` to 0x7fc00000: engines and processors choose payloads freely, bits must not differ. */
export function canonicalizeNaN(values: Float32Array): void {
  let bits: Uint32Array | undefined;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) continue;
    bits ??= new Uint32Array(values.buffer, values.byteOffset, values.length);
    bits[i] = NAN_BITS;
  }
}

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
    dispose() {},
  };
}
