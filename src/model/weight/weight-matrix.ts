import type { Kernels, PackedMatrix } from '../../kernel/kernels.ts';
import { type Allocation, allocate, free } from './kernel-memory.ts';
import type { QuantizedMatrix } from '../../vlp/quantize.ts';
import { isGgml } from '../../number/ggml-quants.ts';
import type { TensorInfo, TensorSource } from '../checkpoint.ts';
import { expand, storedBytes } from '../format/stored-type.ts';

/** A matrix outside kernel memory: in a file, or made when it is asked for. */
export interface MatrixSource {
  /** Bytes as stored, and as packed into kernel memory. */
  stored: number;
  held: number;
  pack(kernels: Kernels): PackedMatrix;
  /** Rows [first, first + count) as float32. */
  rows(first: number, count: number, to: Float32Array): void;
}

/** The INT4 operand that a file holds, if it does. */
export type StoredCodes = () => QuantizedMatrix | undefined;

/**
 * A matrix [outputs × inputs] in the precision it was stored in; rows are read back as float32. It is held once, in kernel
 * memory, or left in its file and held in INT4 alone: then its rows and its products are those of the file, read for each.
 */
export class WeightMatrix {
  readonly outputs: number;
  readonly inputs: number;
  /** Bytes of the weights as stored, or in INT4 where that is all that is held. */
  readonly byteLength: number;
  readonly #stored: Allocation | (() => MatrixSource);
  readonly #codes: StoredCodes | undefined;
  #int4: { group: number; held: Allocation } | undefined;
  /** Of an INT4 operand that is the file's: inputs that share a scale, and how many of its codes were −8. */
  fromFile: { group: number; clipped: number } | undefined;

  private constructor(
    outputs: number,
    inputs: number,
    stored: Allocation | (() => MatrixSource),
    use: number | { group: number },
    codes?: StoredCodes,
  ) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.#stored = stored;
    this.#codes = codes;
    this.byteLength = typeof use === 'number' ? use : this.int4(use.group).matrix.bytes;
  }

  /** Takes a matrix straight into kernel memory. */
  static of(source: MatrixSource, outputs: number, inputs: number, codes?: StoredCodes): WeightMatrix {
    const { held, stored, pack } = source;
    return new WeightMatrix(outputs, inputs, allocate(held, pack), stored, codes);
  }

  /** Quantises a matrix on its way into kernel memory. `open` is asked again where the stored one is. */
  static int4(
    open: () => MatrixSource,
    outputs: number,
    inputs: number,
    group: number,
    codes?: StoredCodes,
  ): WeightMatrix {
    return new WeightMatrix(outputs, inputs, open, { group }, codes);
  }

  /** A matrix of which nothing is held or can be read. */
  static unread(outputs: number, inputs: number): WeightMatrix {
    const refuse = (): never => {
      throw new Error('the weights were not read');
    };
    return new WeightMatrix(outputs, inputs, refuse, 0);
  }

  static fromFloat32(outputs: number, inputs: number, values: Float32Array): WeightMatrix {
    return WeightMatrix.of(floatSource(values, outputs, inputs), outputs, inputs);
  }

  /** Rows [from, to) as float32, into `out` when given. */
  rows(from: number, to: number, out?: Float32Array): Float32Array {
    if (typeof this.#stored !== 'function')
      return this.#stored.kernels.rows(this.#stored.matrix, from, to, out);
    const rows = out ?? new Float32Array((to - from) * this.inputs);
    this.#stored().rows(from, to - from, rows);
    return rows;
  }

  /** y = x·Wᵀ, x [rows × inputs] to y [rows × outputs], in the kernels' FP32 arithmetic. */
  product(x: Float32Array, rows: number): Float32Array {
    if (typeof this.#stored !== 'function') return this.#stored.kernels.gemm(x, rows, this.#stored.matrix);
    const { held, pack } = this.#stored();
    const passing = allocate(held, pack);
    try {
      return passing.kernels.gemm(x, rows, passing.matrix);
    } finally {
      free(passing);
    }
  }

  /**
   * The matrix as symmetric INT4: as the file has it where it has that, in groups of its own; else quantised with one scale
   * for each `group` inputs, of which the last group of a row may have fewer.
   */
  int4(group: number): Allocation {
    if (this.#int4 && (this.fromFile || this.#int4.group === group)) return this.#int4.held;
    if (this.#int4) free(this.#int4.held);
    const { outputs, inputs } = this;
    const codes = this.#codes?.();
    const held = allocate((outputs * inputs) / 2, (kernels) =>
      codes === undefined
        ? kernels.quantizeInt4(this.#rows(), outputs, inputs, Math.min(group, inputs))
        : kernels.packInt4(codes),
    );
    if (codes !== undefined) this.fromFile = { group: codes.groupSize, clipped: codes.clipped };
    this.#int4 = { group, held };
    return held;
  }

  #rows(): MatrixSource['rows'] {
    if (typeof this.#stored === 'function') return this.#stored().rows;
    return (first, count, to) => void this.rows(first, first + count, to);
  }
}

/** Bytes in memory of a tensor: formats without a kernel of their own are unpacked to FP32. */
export function heldBytes({ type, bytes, shape }: Pick<TensorInfo, 'type' | 'bytes' | 'shape'>): number {
  return isGgml(type) ? 4 * shape.reduce((a, b) => a * b, 1) : bytes;
}

/** A tensor of a checkpoint as a matrix. */
export function tensorSource(source: TensorSource, outputs: number, inputs: number): MatrixSource {
  const { info } = source;
  const line = storedBytes(info.type, inputs);
  const rows = (first: number, count: number, to: Float32Array): void => {
    const bytes = new Uint8Array(count * line);
    source.read(first * line, bytes);
    expand(info.type, bytes, 0, count * inputs, to);
  };
  const pack = (kernels: Kernels): PackedMatrix => packed(kernels, source, rows, outputs, inputs);
  return { stored: info.bytes, held: heldBytes(info), pack, rows };
}

function packed(
  kernels: Kernels,
  source: TensorSource,
  floats: MatrixSource['rows'],
  outputs: number,
  inputs: number,
): PackedMatrix {
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
      return kernels.packF32(floats, outputs, inputs);
  }
}

function floatSource(values: Float32Array, outputs: number, inputs: number): MatrixSource {
  return {
    stored: values.byteLength,
    held: values.byteLength,
    pack: (kernels) => kernels.packF32(values, outputs, inputs),
    rows: (first, count, to) => to.set(values.subarray(first * inputs, (first + count) * inputs)),
  };
}

/** The transpose of `stored` [inputs × outputs], as GPT-2 stores the weights of its Conv1D layers. */
export function turnedSource(stored: Float32Array, inputs: number, outputs: number): MatrixSource {
  const values = new Float32Array(stored.length);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) values[o * inputs + i] = stored[i * outputs + o];
  }
  return floatSource(values, outputs, inputs);
}
