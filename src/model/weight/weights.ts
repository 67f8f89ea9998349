import { type Checkpoint, floatsOf, type TensorSource } from '../checkpoint.ts';
import { Linear } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import { transposed, WeightMatrix } from './weight-matrix.ts';

/** Takes a family's tensors out of a checkpoint, each checked against the shape its configuration implies. */
export class Weights {
  readonly checkpoint: Checkpoint;
  readonly linears = new Map<string, Linear>();
  bytes = 0;

  constructor(checkpoint: Checkpoint) {
    this.checkpoint = checkpoint;
  }

  vector(name: string, size: number): Float32Array {
    const values = this.checkpoint.read(name, [size]);
    this.bytes += values.byteLength;
    return values;
  }

  /** A LayerNorm `name.weight`, `name.bias` [size]. */
  norm(name: string, size: number): Norm {
    return { weight: this.vector(`${name}.weight`, size), bias: this.vector(`${name}.bias`, size) };
  }

  matrix(name: string, outputs: number, inputs: number, shape = [outputs, inputs]): WeightMatrix {
    return this.#counted(WeightMatrix.of(this.checkpoint.source(name, shape), outputs, inputs));
  }

  /** Matrix `index` of a tensor that holds many [count × outputs × inputs]. */
  slice(name: string, count: number, index: number, outputs: number, inputs: number): WeightMatrix {
    const source = this.checkpoint.source(name, [count, outputs, inputs]);
    return this.#counted(WeightMatrix.of(part(source, count, index), outputs, inputs));
  }

  /** The same for a tensor that holds them turned [count × inputs × outputs]. */
  turnedSlice(name: string, count: number, index: number, outputs: number, inputs: number): WeightMatrix {
    const source = this.checkpoint.source(name, [count, inputs, outputs]);
    return this.#counted(transposed(floatsOf(part(source, count, index)), inputs, outputs));
  }

  /** A linear layer `name.weight` [outputs × inputs] and, with `bias`, `name.bias`; counted among the layers'. */
  linear(name: string, outputs: number, inputs: number, bias: boolean): Linear {
    const weight = this.matrix(`${name}.weight`, outputs, inputs);
    return this.add(name, weight, bias ? this.vector(`${name}.bias`, outputs) : undefined);
  }

  /** The same with its bias, of a tensor of any shape, that does not count among the layers'. */
  outside(name: string, outputs: number, inputs: number, shape?: number[]): Linear {
    const weight = this.matrix(`${name}.weight`, outputs, inputs, shape);
    return new Linear(weight, this.vector(`${name}.bias`, outputs));
  }

  /** A GPT-2 Conv1D `name.weight` [inputs × outputs] with its bias. */
  conv1d(name: string, outputs: number, inputs: number): Linear {
    const weight = transposed(this.checkpoint.read(`${name}.weight`, [inputs, outputs]), inputs, outputs);
    return this.add(name, this.#counted(weight), this.vector(`${name}.bias`, outputs));
  }

  /** Counts a matrix among the layers'. */
  add(name: string, weight: WeightMatrix, bias: Float32Array | undefined): Linear {
    const linear = new Linear(weight, bias, name);
    this.linears.set(name, linear);
    return linear;
  }

  #counted(matrix: WeightMatrix): WeightMatrix {
    this.bytes += matrix.byteLength;
    return matrix;
  }
}

/** Piece `index` of `count` equal pieces of a tensor. */
function part({ info, read }: TensorSource, count: number, index: number): TensorSource {
  const bytes = info.bytes / count;
  return {
    info: { ...info, bytes, shape: info.shape.slice(1) },
    read: (offset, to) => read(index * bytes + offset, to),
  };
}
