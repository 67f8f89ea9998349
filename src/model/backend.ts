import type { Kernels, PackedMatrix } from '../kernel/kernels.ts';
import { loadKernels } from '../kernel/node.ts';
import type { Int4Matrix } from './int4-matrix.ts';
import type { WeightMatrix } from './weight-matrix.ts';

/**
 * Bytes of weights that the kernels hold packed: their memory ends at 4 GiB, of which operands need some. Matrices
 * beyond it are expanded when they are used.
 */
const PACKED_LIMIT = 3 * 2 ** 30;

let kernels: Kernels | undefined;
let packedBytes = 0;

/** Loads the WASM kernels once; products before that, or beyond their memory, are computed in TypeScript. */
export async function startKernels(): Promise<void> {
  kernels ??= await loadKernels();
}

/** A matrix in the kernels' order, or undefined when there is no room or there are no kernels. */
export function pack(matrix: WeightMatrix | Int4Matrix): PackedMatrix | undefined {
  const { outputs, inputs } = matrix;
  const bf16 = 'type' in matrix && matrix.type === 'BF16';
  const bytes = Math.ceil(outputs / 32) * 32 * inputs * (bf16 ? 2 : 4);
  if (!kernels || packedBytes + bytes > PACKED_LIMIT) return undefined;
  packedBytes += bytes;
  if (!bf16) return kernels.packF32(matrix.rows(0, outputs), outputs, inputs);
  const { buffer, byteOffset } = matrix.bytes;
  return kernels.packBf16(new Uint16Array(buffer, byteOffset, outputs * inputs), outputs, inputs);
}

/** y = x·Wᵀ by the kernels. x [rows × inputs]. */
export function product(x: Float32Array, rows: number, packed: PackedMatrix): Float32Array {
  return kernels!.gemm(
    x.length === rows * packed.inner ? x : x.subarray(0, rows * packed.inner),
    rows,
    packed,
  );
}

/** Gives a packed matrix's memory back. */
export function release(packed: PackedMatrix): void {
  packedBytes -= Math.ceil(packed.outputs / 32) * 32 * packed.inner * (packed.format === 'bf16' ? 2 : 4);
  packed.dispose();
}
