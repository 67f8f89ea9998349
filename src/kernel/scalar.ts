import { decode, encode } from '../number/bf16.ts';
import { BLOCK, BLOCK_BYTES, expandBlocks } from '../number/ggml-blocks.ts';
import { halfValues } from '../number/half.ts';
import { canonicalizeNaN, checkQuantizedMatrix, gemm as gemmInt4Definition } from '../vlp/gemm.ts';
import { quantize, type QuantizedMatrix } from '../vlp/quantize.ts';
import { vlp } from '../vlp/vlp.ts';
import { VECTOR_DEFINITION } from './vector.ts';
import {
  checkBlock,
  checkBlocks,
  checkDimension,
  checkGroupsOf,
  checkGrowth,
  checkProduct,
  checkRange,
  checkStrides,
  checkWeights,
  type FloatFormat,
  type Kernels,
  type PackedMatrix,
  type Product,
  refuseForeign,
  type RowsOf,
} from './kernels.ts';

/** The definition of `Kernels.gemm`: x [rows][inner] · weights [outputs][width] transposed, into y. */
function gemmDefinition(
  x: Float32Array,
  rows: number,
  weights: Float32Array,
  width: number,
  { from, to, inner, xStride, yStride, after, y }: Product,
): void {
  const row = new Float32Array(to - from);
  for (let r = 0; r < rows; r++) {
    for (let o = from; o < to; o++) {
      let sum = 0;
      for (let i = 0; i < inner; i++) {
        sum = Math.fround(sum + Math.fround(x[r * xStride + i] * weights[o * width + i]));
      }
      row[o - from] = sum;
    }
    canonicalizeNaN(row);
    if (after !== undefined) VECTOR_DEFINITION.multiply(row, after.factor, after.bf16);
    y.set(row, r * yStride);
  }
}

class ScalarMatrix implements PackedMatrix {
  readonly format: FloatFormat;
  readonly outputs: number;
  readonly inner: number;
  readonly bytes: number;
  values: Float32Array | undefined;

  constructor(format: FloatFormat, values: Float32Array, outputs: number, inner: number) {
    this.format = format;
    this.values = values;
    this.bytes = values.byteLength;
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
  readonly bytes: number;
  matrix: QuantizedMatrix | undefined;

  constructor(matrix: QuantizedMatrix) {
    this.matrix = { ...matrix, values: matrix.values.slice(), scales: matrix.scales.slice() };
    this.bytes = matrix.values.byteLength + matrix.scales.byteLength;
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
    packF32(weights, outputs, inner, strides) {
      const values = new Float32Array(outputs * inner);
      if (strides === undefined || typeof weights === 'function') {
        checkWeights(weights, outputs, inner);
        if (typeof weights === 'function') weights(0, outputs, values);
        else values.set(weights);
        return new ScalarMatrix('f32', values, outputs, inner);
      }
      checkStrides(weights, outputs, inner, strides);
      const { output, inner: step } = strides;
      for (let at = 0; at < values.length; at++) {
        values[at] = weights[Math.floor(at / inner) * output + (at % inner) * step];
      }
      return new ScalarMatrix('f32', values, outputs, inner);
    },
    packBf16(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      return new ScalarMatrix('bf16', decode(wordsOf(weights, outputs, inner)), outputs, inner);
    },
    packF16(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      const half = halfValues();
      const values = Float32Array.from(wordsOf(weights, outputs, inner), (bits) => half[bits]);
      return new ScalarMatrix('f16', values, outputs, inner);
    },
    packBlocks(format, weights, outputs, inner) {
      checkBlocks(format, weights, outputs, inner);
      const values = new Float32Array(outputs * inner);
      let bytes = typeof weights === 'function' ? undefined : weights;
      if (typeof weights === 'function') {
        bytes = new Uint8Array((values.length / BLOCK) * BLOCK_BYTES[format]);
        weights(0, outputs, bytes);
      }
      expandBlocks(format, bytes!, values);
      return new ScalarMatrix(format, values, outputs, inner);
    },
    rows(weights, from, to, out = new Float32Array((to - from) * weights.inner)) {
      if (!(weights instanceof ScalarMatrix) || weights.values === undefined) return refuseForeign();
      checkRange(weights, from, to);
      out.set(weights.values.subarray(from * weights.inner, to * weights.inner));
      return out;
    },
    gemm(x, rows, weights, y, part = {}) {
      if (!(weights instanceof ScalarMatrix) || weights.values === undefined) return refuseForeign();
      const product = checkProduct(x, rows, weights, y, part);
      gemmDefinition(x, rows, weights.values, weights.inner, product);
      return product.y;
    },
    packInt4(weights) {
      checkQuantizedMatrix(weights);
      return new ScalarInt4(weights);
    },
    quantizeInt4(weights, outputs, inner, groupSize) {
      checkWeights(weights, outputs, inner);
      const values = typeof weights === 'function' ? new Float32Array(outputs * inner) : weights;
      if (typeof weights === 'function') weights(0, outputs, values);
      const options = { axis: 'inner', groupSize, tail: 'short' } as const;
      return new ScalarInt4(quantize(values, outputs, inner, options));
    },
    reserveF32(outputs, inner) {
      checkDimension('outputs', outputs);
      const values = new Float32Array(outputs * checkDimension('inner', inner));
      return new ScalarMatrix('f32', values, outputs, inner);
    },
    reserveInt4(outputs, inner, groupSize, axis) {
      checkDimension('outputs', outputs);
      checkDimension('inner', inner);
      return new ScalarInt4(zeros(outputs, inner, checkDimension('group size', groupSize), axis));
    },
    growInt4(weights, outputs, inner) {
      const old = weights instanceof ScalarInt4 ? weights.matrix : undefined;
      if (old === undefined) return refuseForeign();
      checkGrowth(old, outputs, inner);
      const grown = zeros(outputs, inner, old.groupSize, old.axis);
      for (let o = 0; o < old.outputs; o++) {
        grown.values.set(old.values.subarray(o * old.inner, (o + 1) * old.inner), o * inner);
      }
      grown.scales.set(old.scales);
      return new ScalarInt4(grown);
    },
    writeF32(weights, at, shape, values, strides = { output: shape.inner, inner: 1 }) {
      if (!(weights instanceof ScalarMatrix) || weights.values === undefined) return refuseForeign();
      checkBlock(weights, at, shape);
      checkStrides(values, shape.output, shape.inner, strides);
      for (let n = 0; n < shape.output; n++) {
        const to = (at.output + n) * weights.inner + at.inner;
        for (let i = 0; i < shape.inner; i++) {
          weights.values[to + i] = values[n * strides.output + i * strides.inner];
        }
      }
    },
    writeInt4(weights, at, block) {
      const matrix = weights instanceof ScalarInt4 ? weights.matrix : undefined;
      if (matrix === undefined) return refuseForeign();
      checkQuantizedMatrix(block);
      checkBlock(weights, at, { output: block.outputs, inner: block.inner });
      const groupSize = Math.min(matrix.groupSize, matrix.axis === 'outer' ? matrix.outputs : matrix.inner);
      checkGroupsOf(block, { ...matrix, groupSize }, at);
      const { inner } = block;
      for (let n = 0; n < block.outputs; n++) {
        const row = block.values.subarray(n * inner, (n + 1) * inner);
        matrix.values.set(row, (at.output + n) * matrix.inner + at.inner);
      }
      if (matrix.axis === 'inner') {
        matrix.scales.set(block.scales, at.output * Math.ceil(inner / groupSize));
        return;
      }
      for (let g = 0; g * inner < block.scales.length; g++) {
        const row = block.scales.subarray(g * inner, (g + 1) * inner);
        matrix.scales.set(row, (at.output / groupSize + g) * matrix.inner + at.inner);
      }
    },
    gemmInt4(x, rows, weights, arithmetic, y, part = {}) {
      if (!(weights instanceof ScalarInt4) || weights.matrix === undefined) return refuseForeign();
      const product = checkProduct(x, rows, weights, y, part);
      const { from, to, inner, xStride, yStride, after } = product;
      const operand = first(weights.matrix, to, inner);
      for (let r = 0; r < rows; r++) {
        const own = x.subarray(r * xStride, r * xStride + inner);
        const words = own instanceof Float32Array ? encode(own) : own;
        const row = gemmInt4Definition(words, 1, operand, arithmetic);
        const wanted = row.subarray(from);
        if (after !== undefined) VECTOR_DEFINITION.multiply(wanted, after.factor, after.bf16);
        product.y.set(wanted, r * yStride);
      }
      return product.y;
    },
    vector: VECTOR_DEFINITION,
    softmax: (options) => vlp.softmax(options).apply,
    elementwise: (name, options) => vlp.named(name, options).apply,
    dispose() {},
  };
}

/** The first outputs and inner indices of an INT4 matrix of these kernels, as numbers. */
export const operandOf = (weights: PackedMatrix, outputs: number, inner: number): QuantizedMatrix =>
  weights instanceof ScalarInt4 && weights.matrix !== undefined
    ? first(weights.matrix, outputs, inner)
    : refuseForeign();

/** An INT4 operand of zeros, its scales zero too. */
function zeros(outputs: number, inner: number, groupSize: number, axis: 'outer' | 'inner'): QuantizedMatrix {
  const scales =
    axis === 'outer' ? Math.ceil(outputs / groupSize) * inner : outputs * Math.ceil(inner / groupSize);
  const values = new Int8Array(outputs * inner);
  return { outputs, inner, values, scales: new Uint16Array(scales), axis, groupSize, clipped: 0 };
}

function wordsOf(weights: RowsOf<Uint16Array>, outputs: number, inner: number): Uint16Array {
  if (typeof weights !== 'function') return weights;
  const words = new Uint16Array(outputs * inner);
  weights(0, outputs, words);
  return words;
}

/** The first outputs and inner indices of an INT4 operand. */
function first(matrix: QuantizedMatrix, outputs: number, inner: number): QuantizedMatrix {
  if (outputs === matrix.outputs && inner === matrix.inner) return matrix;
  const { axis, groupSize } = matrix;
  const groups = (size: number) => Math.ceil(size / groupSize);
  const cut = <T extends Int8Array | Uint16Array>(data: T, rows: number, width: number, kept: number): T =>
    data.filter((_, at) => at < rows * width && at % width < kept) as T;
  const inward = axis === 'inner';
  return {
    ...matrix,
    outputs,
    inner,
    values: cut(matrix.values, outputs, matrix.inner, inner),
    scales: cut(
      matrix.scales,
      inward ? outputs : groups(outputs),
      inward ? groups(matrix.inner) : matrix.inner,
      inward ? groups(inner) : inner,
    ),
  };
}
