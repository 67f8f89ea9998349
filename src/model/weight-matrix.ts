import type { StoredTensor } from './checkpoint.ts';
import { expand, type StoredType } from './stored-type.ts';

/**
 * A matrix [outputs × inputs], row-major, in the precision it was stored in. Rows are expanded to float32 when they
 * are used, so that a BF16 checkpoint of 7 billion weights occupies 14 GB and not 28.
 */
export class WeightMatrix {
  readonly outputs: number;
  readonly inputs: number;
  readonly type: StoredType;
  readonly bytes: Uint8Array;

  constructor(outputs: number, inputs: number, type: StoredType, bytes: Uint8Array) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.type = type;
    this.bytes = bytes;
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
    expand(this.type, this.bytes, from * this.inputs, (to - from) * this.inputs, out);
    return out;
  }
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
