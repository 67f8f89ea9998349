import type { Kernels, PackedMatrix } from '../../kernel/kernels.ts';
import { type Allocation, allocate } from './kernel-memory.ts';
import { isGgml } from '../../number/ggml-quants.ts';
import type { TensorInfo, TensorSource } from '../checkpoint.ts';
import { expand, storedBytes } from '../format/stored-type.ts';

/**
 * A matrix [outputs × inputs] in the precision it was stored in, held once, in kernel memory; rows are read back as
 * float32.
 */
export class WeightMatrix {
  readonly outputs: number;
  readonly inputs: number;
  /** Bytes of the weights as stored. */
  readonly byteLength: number;
  readonly #allocation: Allocation;

  private constructor(outputs: number, inputs: number, byteLength: number, allocation: Allocation) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.byteLength = byteLength;
    this.#allocation = allocation;
  }

  /** Reads a tensor straight into kernel memory. */
  static of(source: TensorSource, outputs: number, inputs: number): WeightMatrix {
    const allocation = allocate(heldBytes(source.info), (kernels) =>
      packed(kernels, source, outputs, inputs),
    );
    return new WeightMatrix(outputs, inputs, source.info.bytes, allocation);
  }

  static fromFloat32(outputs: number, inputs: number, values: Float32Array): WeightMatrix {
    const allocation = allocate(values.byteLength, (kernels) => kernels.packF32(values, outputs, inputs));
    return new WeightMatrix(outputs, inputs, values.byteLength, allocation);
  }

  /** Rows [from, to) as float32, into `out` when given. */
  rows(from: number, to: number, out?: Float32Array): Float32Array {
    return this.#allocation.kernels.rows(this.#allocation.matrix, from, to, out);
  }

  /** y = x·Wᵀ, x [rows × inputs] to y [rows × outputs], in the kernels' FP32 arithmetic. */
  product(x: Float32Array, rows: number): Float32Array {
    return this.#allocation.kernels.gemm(x, rows, this.#allocation.matrix);
  }
}

/** Bytes in memory of a tensor: formats without a kernel of their own are unpacked to FP32. */
export function heldBytes({ type, bytes, shape }: Pick<TensorInfo, 'type' | 'bytes' | 'shape'>): number {
  return isGgml(type) ? 4 * shape.reduce((a, b) => a * b, 1) : bytes;
}

function packed(kernels: Kernels, source: TensorSource, outputs: number, inputs: number): PackedMatrix {
  const { type } = source.info;
  const line = storedBytes(type, inputs);
  const rows = (first: number, _count: number, to: Float32Array | Uint16Array | Uint8Array): void =>
    source.read(first * line, new Uint8Array(to.buffer, to.byteOffset, to.byteLength));
  switch (type) {
    case 'F32':
      return kernels.packF32(rows, outputs, inputs);
    case 'F16':
      return kernels.packF16(rows, outputs, inputs);
    case 'BF16':
      return kernels.packBf16(rows, outputs, inputs);
    case 'Q4_0':
      return kernels.packBlocks('q4_0', rows, outputs, inputs);
    case 'Q8_0':
      return kernels.packBlocks('q8_0', rows, outputs, inputs);
    default:
      return kernels.packF32(
        (first, count, to) => {
          const bytes = new Uint8Array(count * line);
          source.read(first * line, bytes);
          expand(type, bytes, 0, count * inputs, to);
        },
        outputs,
        inputs,
      );
  }
}

/** The transpose of `stored` [inputs × outputs], as GPT-2 stores the weights of its Conv1D layers. */
export function transposed(stored: Float32Array, inputs: number, outputs: number): WeightMatrix {
  const values = new Float32Array(stored.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) values[o * inputs + i] = stored[i * outputs + o];
  }
  return WeightMatrix.fromFloat32(outputs, inputs, values);
}
