import { closeSync, openSync, readSync } from 'node:fs';
import { MugiError, unknownName } from '../errors.ts';
import { firstNonFinite, type StoredType } from './stored-type.ts';

/** Where one tensor lies. `shape` is outermost first, as in PyTorch. */
export interface TensorInfo {
  name: string;
  type: StoredType;
  shape: readonly number[];
  file: string;
  offset: number;
  bytes: number;
}

/** A tensor as stored: 16-byte aligned bytes in their own buffer, so that typed arrays can look at them. */
export interface StoredTensor {
  info: TensorInfo;
  bytes: Uint8Array;
}

/** Bytes of one read; bounds what a read holds besides the tensor itself. */
const READ_SIZE = 64 * 2 ** 20;

/**
 * The tensors of a checkpoint. A tensor is read from disk when it is asked for, straight into its final buffer:
 * the whole file is never in memory, and no tensor is held twice.
 */
export class Checkpoint {
  readonly path: string;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly #files = new Map<string, number>();

  constructor(path: string, tensors: Iterable<TensorInfo>) {
    this.path = path;
    this.tensors = new Map([...tensors].map((info) => [info.name, info]));
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /**
   * Reads a tensor and checks it.
   * @param shape expected shape; a tensor of another one is refused
   * @throws MugiError for a missing tensor, a wrong shape, a truncated file, or NaN or infinite elements
   */
  read(name: string, shape: readonly number[]): StoredTensor {
    const info = this.tensors.get(name);
    if (!info) throw missingTensor(name, this);
    if (info.shape.length !== shape.length || info.shape.some((size, i) => size !== shape[i])) {
      throw new MugiError({
        code: 'invalid-file',
        message: `tensor ${name} has the wrong shape for this configuration`,
        path: info.file,
        expected: `[${shape.join(', ')}]`,
        received: `[${info.shape.join(', ')}]`,
      });
    }
    const bytes = new Uint8Array(info.bytes);
    let fd = this.#files.get(info.file);
    if (fd === undefined) {
      fd = openSync(info.file, 'r');
      this.#files.set(info.file, fd);
    }
    for (let done = 0; done < info.bytes; ) {
      const got = readSync(fd, bytes, done, Math.min(READ_SIZE, info.bytes - done), info.offset + done);
      if (got === 0) throw truncated(info.file, info.offset + info.bytes, info.offset + done, name);
      done += got;
    }
    const bad = firstNonFinite(info.type, bytes);
    if (bad >= 0) {
      throw new MugiError({
        code: 'invalid-file',
        message: `tensor ${name} holds NaN or infinity (first at element ${bad})`,
        path: info.file,
        expected: 'finite weights',
        received: 'NaN or infinity',
      });
    }
    return { info, bytes };
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }
}

function missingTensor(name: string, checkpoint: Checkpoint): MugiError {
  const { details } = unknownName('tensor', name, checkpoint.tensors.keys(), checkpoint.path);
  return new MugiError({
    code: 'invalid-file',
    message: `tensor ${name} is missing`,
    path: checkpoint.path,
    expected: name,
    nearest: details.nearest,
  });
}

export function truncated(file: string, expected: number, received: number, what: string): MugiError {
  return new MugiError({
    code: 'invalid-file',
    message: `the file is truncated: it ends inside ${what}`,
    path: file,
    expected: `at least ${expected} bytes`,
    received: `${received} bytes`,
  });
}
