import type { Checkpoint } from '../checkpoint.ts';
import { Linear } from '../layer/linear.ts';
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

  matrix(name: string, outputs: number, inputs: number, shape = [outputs, inputs]): WeightMatrix {
    const matrix = WeightMatrix.of(this.checkpoint.source(name, shape), outputs, inputs);
    this.bytes += matrix.byteLength;
    return matrix;
  }

  /** A linear layer `name.weight` [outputs × inputs] and, with `bias`, `name.bias`; counted among the layers'. */
  linear(name: string, outputs: number, inputs: number, bias: boolean): Linear {
    const weight = this.matrix(`${name}.weight`, outputs, inputs);
    return this.#add(name, weight, bias ? this.vector(`${name}.bias`, outputs) : undefined);
  }

  /** A GPT-2 Conv1D `name.weight` [inputs × outputs] with its bias. */
  conv1d(name: string, outputs: number, inputs: number): Linear {
    const weight = transposed(this.checkpoint.read(`${name}.weight`, [inputs, outputs]), inputs, outputs);
    this.bytes += weight.byteLength;
    return this.#add(name, weight, this.vector(`${name}.bias`, outputs));
  }

  #add(name: string, weight: WeightMatrix, bias: Float32Array | undefined): Linear {
    const linear = new Linear(weight, bias);
    this.linears.set(name, linear);
    return linear;
  }
}
