import { MugiError, wholeNumber } from '../errors.ts';
import type { GemmArithmetic } from '../vlp/gemm.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';

/** `scalar` is the definition in TypeScript; the two WASM builds must equal it in every bit. */
export type Backend = 'scalar' | 'plain' | 'relaxed';
export const BACKENDS: readonly Backend[] = ['scalar', 'plain', 'relaxed'];

/** Weights W [outputs][inner] in a backend's own order. Usable with the kernels that made it, until disposed of. */
export interface PackedMatrix {
  readonly format: 'f32' | 'bf16' | 'int4';
  readonly outputs: number;
  readonly inner: number;
  /** Gives the memory back. Using the matrix afterwards is an error. */
  dispose(): void;
}

export interface Kernels {
  readonly backend: Backend;
  /** Threads that share the columns of a large product, the calling one included. */
  readonly threads: number;
  /** @param weights row-major [outputs][inner], the layout of `Linear.weight`. */
  packF32(weights: Float32Array, outputs: number, inner: number): PackedMatrix;
  /** @param weights BF16 bit patterns, row-major [outputs][inner]; half the memory of FP32, expanded on the fly. */
  packBf16(weights: Uint16Array, outputs: number, inner: number): PackedMatrix;
  /**
   * y = x·Wᵀ in FP32: y[r][o] starts at +0 and adds fl(x[r][i]·W[o][i]) for i = 0, 1, …, each operation rounded
   * once, NaN stored as 0x7fc00000. The order is fixed, so the result depends on nothing else.
   * @param x row-major [rows][inner]
   * @param y row-major [rows][outputs], made when not given; must not overlap x
   */
  gemm(x: Float32Array, rows: number, weights: PackedMatrix, y?: Float32Array): Float32Array;
  packInt4(weights: QuantizedMatrix): PackedMatrix;
  /**
   * VLP GEMM, y = x·Wᵀ, as `gemm` of src/vlp/gemm.ts defines it, to the bit.
   * @param x BF16 patterns, row-major [rows][inner]
   * @param arithmetic default: the node's (NODE_ARITHMETIC)
   */
  gemmInt4(
    x: Uint16Array,
    rows: number,
    weights: PackedMatrix,
    arithmetic?: GemmArithmetic,
    y?: Float32Array,
  ): Float32Array;
  /** Ends the threads and drops all memory. */
  dispose(): void;
}

function refuse(message: string, expected: string, received: string): never {
  throw new MugiError({ code: 'invalid-value', message, expected, received });
}

export function checkLength(what: string, length: number, expected: number, shape: string): void {
  if (length === expected) return;
  refuse(`${what} do not fit their shape`, `${expected} values for ${shape}`, `${length} values`);
}

/** Dimensions of a product: at least 1, and small enough for 32-bit addressing. */
export function checkDimension(name: string, value: number): number {
  return wholeNumber(name, value, 1, 2 ** 30);
}

export function checkWeights(weights: ArrayLike<number>, outputs: number, inner: number): void {
  checkDimension('outputs', outputs);
  checkDimension('inner', inner);
  checkLength('weights', weights.length, outputs * inner, `${outputs} × ${inner}`);
}

/** Checks activations and result of a product, and makes the result when there is none. */
export function checkOperands(
  x: ArrayLike<number>,
  rows: number,
  shape: { outputs: number; inner: number },
  y: Float32Array | undefined,
): Float32Array {
  checkDimension('rows', rows);
  checkLength('activations', x.length, rows * shape.inner, `${rows} × ${shape.inner}`);
  if (y !== undefined) checkLength('results', y.length, rows * shape.outputs, `${rows} × ${shape.outputs}`);
  return y ?? new Float32Array(rows * shape.outputs);
}

/** Refuses weights of other kernels and weights already disposed of. */
export function refuseForeign(): never {
  refuse(
    'these weights cannot be used here',
    'weights packed by these kernels and not disposed of',
    'others',
  );
}
