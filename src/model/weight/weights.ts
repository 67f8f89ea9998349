import type { WeightUse } from '../arithmetic.ts';
import { type Checkpoint, floatsOf, type TensorSource } from '../checkpoint.ts';
import { Linear } from '../layer/linear.ts';
import type { Norm } from '../layer/norm.ts';
import { AS_STORED, type Holding } from './holding.ts';
import {
  type MatrixSource,
  type StoredCodes,
  tensorSource,
  turnedSource,
  WeightMatrix,
} from './weight-matrix.ts';

/** Takes a family's tensors out of a checkpoint, each checked against the shape its configuration implies. */
export class Weights {
  readonly checkpoint: Checkpoint;
  readonly linears = new Map<string, Linear>();
  readonly #holding: Holding;
  bytes = 0;

  constructor(checkpoint: Checkpoint, holding = AS_STORED) {
    this.checkpoint = checkpoint;
    this.#holding = holding;
  }

  /** A tensor as float32; where names are enough, zeros in the place of one that the headers have. */
  read(name: string, shape: readonly number[]): Float32Array {
    if (!this.#holding.names) return this.checkpoint.read(name, shape);
    if (this.checkpoint.tensors.has(name) || !this.checkpoint.has(name)) this.checkpoint.source(name, shape);
    return new Float32Array(shape.reduce((a, b) => a * b, 1));
  }

  vector(name: string, size: number): Float32Array {
    const values = this.read(name, [size]);
    this.bytes += values.byteLength;
    return values;
  }

  /** A LayerNorm `name.weight`, `name.bias` [size]. */
  norm(name: string, size: number): Norm {
    return { weight: this.vector(`${name}.weight`, size), bias: this.vector(`${name}.bias`, size) };
  }

  matrix(name: string, outputs: number, inputs: number, shape = [outputs, inputs]): WeightMatrix {
    return this.#held({ type: 'stored' }, outputs, inputs, () => this.#source(name, outputs, inputs, shape));
  }

  /** The output matrix, by itself. */
  head(name: string, outputs: number, inputs: number): WeightMatrix {
    return this.#matrix(this.#holding.head, name, outputs, inputs);
  }

  /** Matrix `index` of a tensor that holds many [count × outputs × inputs]; of the layers, as `name.index`. */
  slice(name: string, count: number, index: number, outputs: number, inputs: number): WeightMatrix {
    return this.#held(this.#holding.layers(`${name}.${index}`), outputs, inputs, () => {
      const source = this.checkpoint.source(name, [count, outputs, inputs]);
      return tensorSource(part(source, count, index), outputs, inputs);
    });
  }

  /** The same for a tensor that holds them turned [count × inputs × outputs]. */
  turnedSlice(name: string, count: number, index: number, outputs: number, inputs: number): WeightMatrix {
    return this.#held(this.#holding.layers(`${name}.${index}`), outputs, inputs, () => {
      const source = this.checkpoint.source(name, [count, inputs, outputs]);
      return turnedSource(floatsOf(part(source, count, index)), inputs, outputs);
    });
  }

  /** A linear layer `name.weight` [outputs × inputs] and, with `bias`, `name.bias`; counted among the layers'. */
  linear(name: string, outputs: number, inputs: number, bias: boolean): Linear {
    const use = this.#holding.layers(name);
    const weight = this.#matrix(use, `${name}.weight`, outputs, inputs);
    return this.add(name, weight, bias ? this.vector(`${name}.bias`, outputs) : undefined);
  }

  /** The same with its bias, of a tensor of any shape, that does not count among the layers'. */
  outside(name: string, outputs: number, inputs: number, shape?: number[]): Linear {
    const weight = this.matrix(`${name}.weight`, outputs, inputs, shape);
    return new Linear(weight, this.vector(`${name}.bias`, outputs));
  }

  /** A GPT-2 Conv1D `name.weight` [inputs × outputs] with its bias. */
  conv1d(name: string, outputs: number, inputs: number): Linear {
    const weight = this.#held(this.#holding.layers(name), outputs, inputs, () =>
      turnedSource(this.checkpoint.read(`${name}.weight`, [inputs, outputs]), inputs, outputs),
    );
    return this.add(name, weight, this.vector(`${name}.bias`, outputs));
  }

  /** Counts a matrix among the layers'. */
  add(name: string, weight: WeightMatrix, bias: Float32Array | undefined): Linear {
    const linear = new Linear(weight, bias, name);
    this.linears.set(name, linear);
    return linear;
  }

  /** A matrix whose INT4 operand may lie in the file. */
  #matrix(use: WeightUse, name: string, outputs: number, inputs: number): WeightMatrix {
    const codes = () => this.checkpoint.source(name, [outputs, inputs]).int4?.();
    return this.#held(use, outputs, inputs, () => this.#source(name, outputs, inputs), codes);
  }

  #source(name: string, outputs: number, inputs: number, shape = [outputs, inputs]): MatrixSource {
    return tensorSource(this.checkpoint.source(name, shape), outputs, inputs);
  }

  #held(
    use: WeightUse,
    outputs: number,
    inputs: number,
    open: () => MatrixSource,
    codes?: StoredCodes,
  ): WeightMatrix {
    if (this.#holding.names) return WeightMatrix.unread(outputs, inputs);
    const matrix =
      use.type === 'stored'
        ? WeightMatrix.of(open(), outputs, inputs, codes)
        : WeightMatrix.int4(open, outputs, inputs, use.group, codes);
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
