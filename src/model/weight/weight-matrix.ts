import type { Kernels, PackedMatrix } from '../../kernel/kernels.ts';
import { type Resident, settle } from './backend.ts';
import type { StoredTensor, TensorSource } from '../checkpoint.ts';
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
  readonly #resident: Resident;

  private constructor(outputs: number, inputs: number, byteLength: number, resident: Resident) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.byteLength = byteLength;
    this.#resident = resident;
  }

  /** Reads a tensor straight into kernel memory. */
  static of(source: TensorSource, outputs: number, inputs: number): WeightMatrix {
    const { bytes } = source.info;
    const resident = settle(bytes, (kernels) => packed(kernels, source, outputs, inputs));
    return new WeightMatrix(outputs, inputs, bytes, resident);
  }

  static fromFloat32(outputs: number, inputs: number, values: Float32Array): WeightMatrix {
    const resident = settle(values.byteLength, (kernels) => kernels.packF32(values, outputs, inputs));
    return new WeightMatrix(outputs, inputs, values.byteLength, resident);
  }

  /** Rows [from, to) as float32, into `out` when given. */
  rows(from: number, to: number, out?: Float32Array): Float32Array {
    return this.#resident.kernels.rows(this.#resident.matrix, from, to, out);
  }

  /** y = x·Wᵀ, x [rows × inputs] to y [rows × outputs], in the kernels' FP32 arithmetic. */
  product(x: Float32Array, rows: number): Float32Array {
    return this.#resident.kernels.gemm(x, rows, this.#resident.matrix);
  }
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
  }
}

/** A GPT-2 Conv1D weight is stored [inputs × outputs]; this is its transpose, as float32. */
export function transposed(tensor: StoredTensor, inputs: number, outputs: number): WeightMatrix {
  const stored = new Float32Array(inputs * outputs);
  expand(tensor.info.type, tensor.bytes, 0, stored.length, stored);
  const values = new Float32Array(stored.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) values[o * inputs + i] = stored[i * outputs + o];
  }
  return WeightMatrix.fromFloat32(outputs, inputs, values);
}

/** A vector (norm weight, bias) as float32. */
export function vector(tensor: StoredTensor): Float32Array {
  const count = tensor.info.shape.reduce((a, b) => a * b, 1);
  const out = new Float32Array(count);
  expand(tensor.info.type, tensor.bytes, 0, count, out);
  return out;
}
