import { release, type Resident, settle } from './backend.ts';
import type { StoredTensor } from './checkpoint.ts';
import { blocksOf, expand, type StoredType } from './stored-type.ts';

/**
 * A matrix [outputs × inputs] in the precision it was stored in, held once: as it was read, or, from the first
 * product on, in the kernels' order. Both give its rows as float32.
 */
export class WeightMatrix {
  readonly outputs: number;
  readonly inputs: number;
  readonly type: StoredType;
  /** Bytes of the weights as stored. */
  readonly byteLength: number;
  #held: Uint8Array | Resident;

  constructor(outputs: number, inputs: number, type: StoredType, bytes: Uint8Array) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.type = type;
    this.byteLength = bytes.byteLength;
    this.#held = bytes;
  }

  static of(tensor: StoredTensor, outputs: number, inputs: number): WeightMatrix {
    return new WeightMatrix(outputs, inputs, tensor.info.type, tensor.bytes);
  }

  static fromFloat32(outputs: number, inputs: number, values: Float32Array): WeightMatrix {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return new WeightMatrix(outputs, inputs, 'F32', bytes);
  }

  /** Rows [from, to) as float32, into `out` when given. */
  rows(from: number, to: number, out = new Float32Array((to - from) * this.inputs)): Float32Array {
    if (!(this.#held instanceof Uint8Array)) return this.#held.kernels.rows(this.#held.matrix, from, to, out);
    expand(this.type, this.#held, from * this.inputs, (to - from) * this.inputs, out);
    return out;
  }

  /** y = x·Wᵀ, x [rows × inputs] to y [rows × outputs], in the kernels' FP32 arithmetic. */
  product(x: Float32Array, rows: number): Float32Array {
    const { kernels, matrix } = this.settled();
    return kernels.gemm(x, rows, matrix);
  }

  /** Moves the weights into kernel memory, in the bits they are stored in. */
  settled(): Resident {
    if (this.#held instanceof Uint8Array) this.#held = settled(this, this.#held);
    return this.#held;
  }

  /** Gives the memory back; the matrix must not be used any more. */
  dispose(): void {
    if (!(this.#held instanceof Uint8Array)) release(this.#held);
  }
}

function settled({ outputs, inputs, type, byteLength }: WeightMatrix, bytes: Uint8Array): Resident {
  const words = () => new Uint16Array(bytes.buffer, bytes.byteOffset, outputs * inputs);
  return settle(byteLength, (kernels) => {
    switch (type) {
      case 'F32': {
        const values = new Float32Array(bytes.buffer, bytes.byteOffset, outputs * inputs);
        return kernels.packF32(values, outputs, inputs);
      }
      case 'F16':
        return kernels.packF16(words(), outputs, inputs);
      case 'BF16':
        return kernels.packBf16(words(), outputs, inputs);
      case 'Q4_0':
      case 'Q8_0': {
        const blocks = { outputs, inner: inputs, ...blocksOf(type, bytes) };
        return kernels.packBlocks(type === 'Q4_0' ? 'q4' : 'q8', blocks);
      }
    }
  });
}

/** A GPT-2 Conv1D weight is stored [inputs × outputs]; this is its transpose, as float32. */
export function transposed(tensor: StoredTensor, inputs: number, outputs: number): WeightMatrix {
  const stored = new Float32Array(inputs * outputs);
  expand(tensor.info.type, tensor.bytes, 0, stored.length, stored);
  const values = new Float32Array(stored.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) values[o * inputs + i] = stored[i * outputs + o]!;
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
