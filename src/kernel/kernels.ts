import { MugiError, wholeNumber } from '../errors.ts';
import { BLOCK, BLOCK_BYTES, type BlockFormat } from '../number/ggml-blocks.ts';
import type { GemmArithmetic } from '../vlp/gemm.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import type { SoftmaxCall } from '../vlp/softmax-call.ts';
import type { VlpFunction } from '../vlp/vlp.ts';
import type { VectorKernels } from './vector.ts';

/** `scalar` is the definition in TypeScript; the two WASM builds must equal it in every bit. */
export type Backend = 'scalar' | 'plain' | 'relaxed';
export const BACKENDS: readonly Backend[] = ['scalar', 'plain', 'relaxed'];

/** How weights of `gemm` are held. All stand for FP32 values exactly; the last two are ggml's blocks of 32. */
export type FloatFormat = 'f32' | 'bf16' | 'f16' | BlockFormat;

/** Rows of weights: all in an array, row-major, or brought by a function, rows [first, first + count) at a time. */
export type RowsOf<T> = T | ((first: number, count: number, to: T) => void);

/** Distance, in elements, from one output to the next and from one inner index to the next. */
export interface Strides {
  output: number;
  inner: number;
}

/** A place in W, or the size of a block of it. */
export interface Place {
  output: number;
  inner: number;
}

/** What becomes of results: times a factor in double precision, rounded once to FP32, and then, if asked, to BF16. */
export interface After {
  factor: number;
  bf16: boolean;
}

/** A part of a product, and where its rows lie in x and y. */
export interface Part {
  /** Outputs [from, to): a whole number of 32s, by default 0, to all. Column 0 of y is output `from`. */
  from?: number;
  to?: number;
  /** Only the first so many inner indices. */
  inner?: number;
  /** Elements from one row of x, or of y, to the next; default: rows lie close. */
  xStride?: number;
  yStride?: number;
  after?: After | undefined;
}

/** Weights W [outputs][inner] in a backend's own order. Usable with the kernels that made it, until disposed of. */
export interface PackedMatrix {
  readonly format: FloatFormat | 'int4';
  readonly outputs: number;
  readonly inner: number;
  /** Memory it occupies. */
  readonly bytes: number;
  /** Gives the memory back. Using the matrix afterwards is an error. */
  dispose(): void;
}

export interface Kernels {
  readonly backend: Backend;
  /** Threads that share the columns of a large product, the calling one included. */
  readonly threads: number;
  /** @param weights row-major [outputs][inner], the layout of `Linear.weight`, unless `strides` say otherwise */
  packF32(weights: RowsOf<Float32Array>, outputs: number, inner: number, strides?: Strides): PackedMatrix;
  /** @param weights BF16 bit patterns, row-major [outputs][inner]; half the memory of FP32, expanded on the fly. */
  packBf16(weights: RowsOf<Uint16Array>, outputs: number, inner: number): PackedMatrix;
  /** @param weights IEEE binary16 patterns of finite values, row-major [outputs][inner] */
  packF16(weights: RowsOf<Uint16Array>, outputs: number, inner: number): PackedMatrix;
  /** @param weights ggml blocks, row-major [outputs][inner ∕ 32]; their scales must be finite */
  packBlocks(format: BlockFormat, weights: RowsOf<Uint8Array>, outputs: number, inner: number): PackedMatrix;
  /** Rows (outputs) [from, to) of packed weights as FP32, [to − from][inner], into `out` when given. */
  rows(weights: PackedMatrix, from: number, to: number, out?: Float32Array): Float32Array;
  /**
   * y = x·Wᵀ in FP32: y[r][o] starts at +0 and adds fl(x[r][i]·W[o][i]) for i = 0, 1, …, each operation rounded
   * once, NaN stored as 0x7fc00000. The order is fixed, so the result depends on nothing else.
   * @param x row-major [rows][inner]
   * @param y row-major [rows][outputs], made when not given; must not overlap x
   */
  gemm(x: Float32Array, rows: number, weights: PackedMatrix, y?: Float32Array, part?: Part): Float32Array;
  packInt4(weights: QuantizedMatrix): PackedMatrix;
  /**
   * `packInt4` of what `quantize` makes of the weights, with scales along the inner index and a short last group
   * allowed, to the bit; the integers are never written to memory.
   */
  quantizeInt4(
    weights: RowsOf<Float32Array>,
    outputs: number,
    inner: number,
    groupSize: number,
  ): PackedMatrix;
  /** Zeros to be filled by `write`: room for weights that arrive piece by piece, such as a KV cache. */
  reserveF32(outputs: number, inner: number): PackedMatrix;
  /** The same for INT4, `groupSize` outputs (`outer`) or inner indices (`inner`) to a scale. */
  reserveInt4(outputs: number, inner: number, groupSize: number, axis: 'outer' | 'inner'): PackedMatrix;
  /**
   * The same numbers in a new matrix with room for more outputs (`inner` scales) or inner indices (`outer` scales, one
   * group of outputs).
   */
  growInt4(weights: PackedMatrix, outputs: number, inner: number): PackedMatrix;
  /** Replaces the block of `shape` that begins at `at`; values row-major unless `strides` say otherwise. */
  writeF32(weights: PackedMatrix, at: Place, shape: Place, values: Float32Array, strides?: Strides): void;
  /**
   * Replaces a block, with its scales, which has the groups of the matrix. With `outer` scales it begins at a group of
   * outputs; with `inner` ones it has whole rows.
   */
  writeInt4(weights: PackedMatrix, at: Place, block: QuantizedMatrix): void;
  /**
   * VLP GEMM, y = x·Wᵀ, as `gemm` of src/vlp/gemm.ts defines it, to the bit.
   * @param x BF16 patterns, or FP32 values that are rounded to BF16 first, row-major [rows][inner]
   * @param arithmetic default: the node's (NODE_ARITHMETIC)
   */
  gemmInt4(
    x: Uint16Array | Float32Array,
    rows: number,
    weights: PackedMatrix,
    arithmetic?: GemmArithmetic,
    y?: Float32Array,
    part?: Part,
  ): Float32Array;
  /**
   * Softmax by VLP as `vlp.softmax(options)` defines it, to the bit. Calls with a mask matrix, certificates or an
   * option without a fast path are left to the definition itself.
   */
  softmax(options?: VlpOptions): (call: SoftmaxCall) => void;
  /** A function by VLP as `vlp.named(name, options)` defines it, to the bit. Regions one by one are left to the definition. */
  elementwise(name: string, options?: VlpOptions): VlpFunction['apply'];
  /** What a model does between products. */
  readonly vector: VectorKernels;
  /** Ends the threads and drops all memory. */
  dispose(): void;
}

function refuse(message: string, expected: string, received: string): never {
  throw new MugiError({ code: 'invalid-value', message, expected, received });
}

function checkLength(what: string, length: number, expected: number, shape: string): void {
  if (length === expected) return;
  refuse(`${what} do not fit their shape`, `${expected} values for ${shape}`, `${length} values`);
}

/** Dimensions of a product: at least 1, and small enough for 32-bit addressing. */
export function checkDimension(name: string, value: number): number {
  return wholeNumber(name, value, 1, 2 ** 30);
}

export function checkWeights(
  weights: ArrayLike<number> | ((...of: never[]) => void),
  outputs: number,
  inner: number,
): void {
  checkDimension('outputs', outputs);
  checkDimension('inner', inner);
  if (typeof weights === 'function') return;
  checkLength('weights', weights.length, outputs * inner, `${outputs} × ${inner}`);
}

/** A product as it is to be done: the part with its defaults, and the result. */
export interface Product {
  from: number;
  to: number;
  inner: number;
  xStride: number;
  yStride: number;
  after: After | undefined;
  y: Float32Array;
}

/** Checks activations, part and result of a product, and makes the result when there is none. */
export function checkProduct(
  x: ArrayLike<number>,
  rows: number,
  weights: PackedMatrix,
  y: Float32Array | undefined,
  part: Part,
): Product {
  checkDimension('rows', rows);
  const to = part.to === undefined ? weights.outputs : wholeNumber('to', part.to, 1, weights.outputs);
  const from = part.from === undefined ? 0 : wholeNumber('from', part.from, 0, to - 1);
  const inner = part.inner === undefined ? weights.inner : wholeNumber('inner', part.inner, 1, weights.inner);
  const xStride = part.xStride ?? inner;
  const yStride = part.yStride ?? to - from;
  checkRows('activations', x.length, rows, xStride, inner);
  if (y !== undefined) checkRows('results', y.length, rows, yStride, to - from);
  return { from, to, inner, xStride, yStride, after: part.after, y: y ?? new Float32Array(rows * yStride) };
}

/** Rows that lie close must fill their array; those with a stride must end inside it. */
function checkRows(what: string, length: number, rows: number, stride: number, width: number): void {
  if (stride === width) return checkLength(what, length, rows * width, `${rows} × ${width}`);
  const needed = (rows - 1) * stride + width;
  if (stride < width || length < needed) {
    refuse(
      `${what} do not fit their stride`,
      `${needed} values at a stride of ${width} or more`,
      `${length} values at ${stride}`,
    );
  }
}

/** Weights that lie with strides: the last element must be inside the array. */
export function checkStrides(
  weights: ArrayLike<number>,
  outputs: number,
  inner: number,
  strides: Strides,
): void {
  checkDimension('outputs', outputs);
  checkDimension('inner', inner);
  const needed = (outputs - 1) * strides.output + (inner - 1) * strides.inner + 1;
  if (weights.length < needed) {
    refuse('weights do not fit their strides', `at least ${needed} values`, `${weights.length} values`);
  }
}

/** First panel of a part; a part must not begin inside one. */
export function checkPanel(column: number): number {
  if (column % 32 !== 0) refuse('a part begins inside a panel', 'a multiple of 32', String(column));
  return column / 32;
}

export function checkBlocks(
  format: BlockFormat,
  weights: RowsOf<Uint8Array>,
  outputs: number,
  inner: number,
): void {
  checkDimension('outputs', outputs);
  checkDimension('inner', inner);
  if (inner % BLOCK !== 0) refuse('blocks do not divide the rows', 'a multiple of 32', String(inner));
  if (typeof weights === 'function') return;
  const bytes = ((outputs * inner) / BLOCK) * BLOCK_BYTES[format];
  checkLength('blocks', weights.length, bytes, `${outputs} × ${inner}, in bytes`);
}

/** A block that is written must lie inside the matrix. */
export function checkBlock(weights: PackedMatrix, at: Place, shape: Place): void {
  wholeNumber('outputs', shape.output, 1, weights.outputs);
  wholeNumber('inner', shape.inner, 1, weights.inner);
  wholeNumber('output', at.output, 0, weights.outputs - shape.output);
  wholeNumber('inner index', at.inner, 0, weights.inner - shape.inner);
}

/** An INT4 block must have scales of the kind that the matrix has, and whole groups of them. */
export function checkGroupsOf(
  block: QuantizedMatrix,
  matrix: Pick<QuantizedMatrix, 'axis' | 'groupSize' | 'inner'>,
  at: Place,
): void {
  const { axis, groupSize, inner } = matrix;
  const whole = axis === 'outer' ? at.output % groupSize === 0 : block.inner === inner;
  if (block.axis === axis && block.groupSize === groupSize && whole) return;
  const received = `${block.axis} groups of ${block.groupSize} from output ${at.output}, ${block.inner} inner indices`;
  refuse('a block does not have the groups of its matrix', `whole ${axis} groups of ${groupSize}`, received);
}

/** Refuses growth that would move groups of scales. */
export function checkGrowth(
  matrix: Pick<QuantizedMatrix, 'axis' | 'groupSize' | 'outputs' | 'inner'>,
  outputs: number,
  inner: number,
): void {
  const along = matrix.axis === 'outer' ? [matrix.outputs, outputs] : [matrix.inner, inner];
  const grown = matrix.axis === 'outer' ? [matrix.inner, inner] : [matrix.outputs, outputs];
  if (
    along[0] === along[1] &&
    grown[0] <= grown[1] &&
    (matrix.axis === 'inner' || matrix.groupSize >= outputs)
  )
    return;
  refuse(
    'a matrix cannot grow so',
    matrix.axis === 'outer' ? 'one group of outputs, and more inner indices' : 'more outputs',
    `${matrix.outputs} × ${matrix.inner} to ${outputs} × ${inner}`,
  );
}

export function checkRange(weights: PackedMatrix, from: number, to: number): void {
  wholeNumber('from', from, 0, weights.outputs);
  wholeNumber('to', to, from, weights.outputs);
}

/** Refuses weights of other kernels and weights already disposed of. */
export function refuseForeign(): never {
  refuse(
    'these weights cannot be used here',
    'weights packed by these kernels and not disposed of',
    'others',
  );
}
