import { closeSync, openSync, readSync } from 'node:fs';
import { MugiError, unknownName } from '../errors.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import { truncated } from './truncated.ts';
import { mxfp4Elements, mxfp4Names } from './format/mxfp4.ts';
import { packedRows, type RawTensor } from './format/packed-weights.ts';
import { expand, firstNonFinite, type StoredType } from './format/stored-type.ts';

/** Where one tensor lies. `shape` is outermost first, as in PyTorch. */
export interface TensorInfo {
  name: string;
  type: StoredType;
  shape: readonly number[];
  file: string;
  offset: number;
  bytes: number;
}

/** A tensor that is read piece by piece, as stored. */
export interface TensorSource {
  readonly info: TensorInfo;
  /** Reads bytes from `offset` on, as many as `to` holds, and refuses NaN and infinity among them. */
  read(offset: number, to: Uint8Array): void;
  /** A matrix that is stored in four bits as the INT4 operand that it is, where it fits (format/packed-weights.ts). */
  int4?: (() => QuantizedMatrix | undefined) | undefined;
}

/** Bytes of one read; bounds what a read holds besides the tensor itself. */
const READ_SIZE = 64 * 2 ** 20;

/**
 * The tensors of a checkpoint. A tensor is read from disk when it is asked for, whole or piece by piece: the whole file is
 * never in memory, and no tensor is held twice.
 */
export class Checkpoint {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Tensors that are no floats of 16 or 32 bits: weights in 8 bits, words of packed ones, buffers. */
  readonly unread: ReadonlyMap<string, RawTensor>;
  /** Names that were asked for. */
  readonly used = new Set<string>();
  /** Told of bytes as they come out of the files. */
  onRead: ((bytes: number) => void) | undefined;
  readonly #files = new Map<string, number>();

  constructor(
    path: string,
    tensors: Iterable<TensorInfo>,
    unread: ReadonlyMap<string, RawTensor> = new Map<string, RawTensor>(),
  ) {
    this.path = path;
    this.unread = unread;
    this.tensors = new Map([...tensors].map((info) => [info.name, info]));
  }

  /** Whether the tensor is there, in whichever type. */
  has(name: string): boolean {
    if (this.tensors.has(name) || this.unread.has(name)) return true;
    if (this.isMxfp4(name)) return true;
    const base = name.replace(/\.weight$/, '');
    return base !== name && (this.unread.has(`${base}.qweight`) || this.unread.has(`${base}.weight_packed`));
  }

  /** Whether a tensor of many matrices is stored as E2M1 with shared exponents, one row an output. */
  isMxfp4(name: string): boolean {
    return this.unread.has(mxfp4Names(name).blocks);
  }

  /**
   * Finds a tensor.
   * @param shape expected shape; a tensor of another one is refused
   * @throws MugiError for a missing tensor, a type that is not read, or a wrong shape
   */
  source(name: string, shape: readonly number[]): TensorSource {
    const info = this.tensors.get(name);
    if (!info) return this.#packed(name, shape);
    this.used.add(name);
    if (info.shape.length !== shape.length || info.shape.some((size, i) => size !== shape[i])) {
      throw new MugiError({
        code: 'invalid-file',
        message: `tensor ${name} has the wrong shape for this configuration`,
        path: info.file,
        expected: `[${shape.join(', ')}]`,
        received: `[${info.shape.join(', ')}]`,
      });
    }
    return { info, read: (offset, to) => this.#read(info, offset, to) };
  }

  /**
   * Reads a whole tensor as float32, which every stored type fits exactly.
   * @throws MugiError as `source`
   */
  read(name: string, shape: readonly number[]): Float32Array {
    return floatsOf(this.source(name, shape));
  }

  /** A matrix that is stored packed, as FP32 whose rows are made when they are asked for. */
  #packed(name: string, shape: readonly number[]): TensorSource {
    const raw = (of: string) => {
      const info = this.unread.get(of);
      if (info === undefined) return undefined;
      const bytes = new Uint8Array(info.bytes);
      this.#bytes({ name: of, ...info }, 0, bytes);
      return { type: info.type, shape: info.shape, bytes };
    };
    const floats = (of: string) => {
      const info = this.tensors.get(of);
      return info && { shape: info.shape, values: this.read(of, info.shape) };
    };
    if (shape.length === 3 && this.isMxfp4(name)) return this.#mxfp4(name, shape);
    const packed = packedRows({ path: this.path, raw, floats }, name, shape);
    if (packed === undefined) throw missingTensor(name, this);
    const [outputs, inputs] = shape;
    return {
      info: { name, type: 'F32', shape, file: this.path, offset: 0, bytes: 4 * outputs * inputs },
      read: (offset, to) => {
        const out = new Float32Array(to.buffer, to.byteOffset, to.length / 4);
        packed.rows(offset / (4 * inputs), out.length / inputs, out);
      },
      int4: packed.int4,
    };
  }

  /** Matrices in MXFP4 as BF16, which holds them exactly, made when they are asked for. */
  #mxfp4(name: string, shape: readonly number[]): TensorSource {
    const elements = mxfp4Elements(
      {
        path: this.path,
        raw: (of) => this.unread.get(of),
        read: (of, offset, to) => this.#bytes({ name: of, ...this.unread.get(of)! }, offset, to),
      },
      name,
      shape,
    )!;
    const bytes = 2 * shape.reduce((a, b) => a * b, 1);
    return {
      info: { name, type: 'BF16', shape, file: this.path, offset: 0, bytes },
      read: (offset, to) => elements(offset / 2, new Uint16Array(to.buffer, to.byteOffset, to.length / 2)),
    };
  }

  /** @throws MugiError for a truncated file, and for NaN or infinite elements */
  #read(info: TensorInfo, offset: number, to: Uint8Array): void {
    this.#bytes(info, offset, to);
    const bad = firstNonFinite(info.type, to);
    if (bad < 0) return;
    const element = bad + (offset / info.bytes) * info.shape.reduce((a, b) => a * b, 1);
    throw new MugiError({
      code: 'invalid-file',
      message: `tensor ${info.name} holds NaN or infinity (first at element ${element})`,
      path: info.file,
      expected: 'finite weights',
      received: 'NaN or infinity',
    });
  }

  #bytes(info: Omit<TensorInfo, 'type'>, offset: number, to: Uint8Array): void {
    let fd = this.#files.get(info.file);
    if (fd === undefined) {
      fd = openSync(info.file, 'r');
      this.#files.set(info.file, fd);
    }
    const begin = info.offset + offset;
    for (let done = 0; done < to.length; ) {
      const got = readSync(fd, to, done, Math.min(READ_SIZE, to.length - done), begin + done);
      if (got === 0) throw truncated(info.file, info.offset + info.bytes, begin + done, info.name);
      done += got;
      this.onRead?.(got);
    }
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }
}

/** A whole tensor as float32. */
export function floatsOf({ info, read }: TensorSource): Float32Array {
  const bytes = new Uint8Array(info.bytes);
  read(0, bytes);
  const values = new Float32Array(info.shape.reduce((a, b) => a * b, 1));
  expand(info.type, bytes, 0, values.length, values);
  return values;
}

function missingTensor(name: string, checkpoint: Checkpoint): MugiError {
  const type = checkpoint.unread.get(name)?.type;
  if (type !== undefined) {
    return new MugiError({
      code: 'unsupported',
      message: `tensor ${name} is stored as ${type}, which is not supported`,
      path: checkpoint.path,
      expected: 'F32, F16 or BF16',
      received: type,
    });
  }
  const { details } = unknownName('tensor', name, checkpoint.tensors.keys(), checkpoint.path);
  return new MugiError({
    code: 'invalid-file',
    message: `tensor ${name} is missing`,
    path: checkpoint.path,
    expected: name,
    nearest: details.nearest,
  });
}
