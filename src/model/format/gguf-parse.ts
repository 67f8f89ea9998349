import { MugiError } from '../../errors.ts';
import { truncated } from '../truncated.ts';

/** GGUF versions 2 and 3, little endian: ggml's docs/gguf.md. */
const MAGIC = 0x46554747;
const VERSIONS = [2, 3];
const DEFAULT_ALIGNMENT = 32;

/** Value types by number (`gguf_metadata_value_type`): bytes of one value. 8 is a string, 9 an array. */
const SIZES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const STRING = 8;
const ARRAY = 9;
/** Arrays of arrays: the format allows any depth, no file known has one. */
const MAX_DEPTH = 4;
/** Far above any vocabulary: more elements cannot be metadata. */
const MAX_ELEMENTS = 2 ** 24;
/** ggml's GGML_MAX_DIMS. */
const MAX_DIMENSIONS = 4;

/** A metadata value. 64-bit integers are numbers where they are exact, bigints elsewhere. */
export type GgufValue = number | bigint | boolean | string | GgufValue[];

export interface GgufTensor {
  name: string;
  /** As stored: innermost dimension first. */
  shape: number[];
  /** `enum ggml_type` of ggml.h. */
  type: number;
  /** From the beginning of the file. */
  offset: number;
}

export interface GgufHeader {
  metadata: Map<string, GgufValue>;
  tensors: GgufTensor[];
  /** Size of the file. */
  size: number;
}

/** Where a header is read from: a file, or the bytes of one. */
export interface HeaderBytes {
  /** Of the whole file. */
  size: number;
  /** At least one of `count` bytes from `begin`, which lies before `size`; fewer where there are no more. */
  read(begin: number, count: number): Uint8Array<ArrayBuffer>;
}

/**
 * Metadata and tensor list of a GGUF file. Every count is checked against the bytes that are left before anything is
 * made of it, so that a short file that announces much is refused at once.
 */
export function parseGguf(bytes: HeaderBytes, path: string): GgufHeader {
  const source = new Source(bytes, path);
  const { size } = source;
  if (size < 4 || source.number(4) !== MAGIC) throw malformed(path, 'it does not begin with GGUF');
  const version = source.number(4);
  if (!VERSIONS.includes(version)) {
    // The number of a version fits two bytes: with its last ones first it is another machine's.
    const foreign = version > 0xffff ? ' (big endian)' : '';
    throw new MugiError({
      code: 'unsupported',
      message: `not a readable GGUF file: version ${foreign === '' ? version : version >>> 24}${foreign}`,
      path,
      expected: `version ${VERSIONS.join(' or ')}, little endian`,
      received: `version ${version}`,
    });
  }
  // Shortest entry: a tensor without name and dimensions, a key with one byte of value.
  const tensorCount = source.count('tensors', 24);
  const keyCount = source.count('metadata keys', 13);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = source.string();
    if (metadata.has(key)) throw malformed(path, `the metadata key ${key} stands there twice`);
    metadata.set(key, value(source, source.number(4), path, 0));
  }
  const tensors: GgufTensor[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensorCount; i++) {
    const name = source.string();
    if (names.has(name)) throw malformed(path, `tensor ${name} stands there twice`);
    names.add(name);
    const dimensions = source.number(4);
    if (dimensions > MAX_DIMENSIONS) throw malformed(path, `tensor ${name} has ${dimensions} dimensions`);
    const shape = Array.from({ length: dimensions }, () => source.whole());
    tensors.push({ name, shape, type: source.number(4), offset: source.whole() });
  }
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (typeof alignment !== 'number' || !(alignment >= 1) || alignment > 2 ** 20) {
    throw malformed(path, 'general.alignment is not a size');
  }
  const data = Math.ceil(source.position / alignment) * alignment;
  return {
    metadata,
    tensors: tensors.map((tensor) => ({ ...tensor, offset: tensor.offset + data })),
    size,
  };
}

function value(source: Source, type: number, path: string, depth: number): GgufValue {
  switch (type) {
    case STRING:
      return source.string();
    case ARRAY: {
      const of = source.number(4);
      const bytes = of === STRING ? 8 : of === ARRAY ? 12 : SIZES[of];
      if (bytes === undefined || depth === MAX_DEPTH) throw malformed(path, 'an array of an unknown type');
      const length = source.count('elements of an array', bytes);
      if (length > MAX_ELEMENTS) throw malformed(path, `an array of ${length} elements`);
      const values: GgufValue[] = [];
      for (let i = 0; i < length; i++) values.push(value(source, of, path, depth + 1));
      return values;
    }
    case 6:
    case 12:
      return source.float(type === 6 ? 4 : 8);
    case 7:
      return source.number(1) !== 0;
    case 0:
    case 2:
    case 4:
      return source.number(SIZES[type]);
    case 1:
    case 3:
    case 5:
      return source.signed(SIZES[type]);
    case 10:
    case 11:
      return source.long(type === 11);
    default:
      throw malformed(path, `a metadata value of the unknown type ${type}`);
  }
}

const malformed = (path: string, why: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `not a readable GGUF file: ${why}`,
    path,
    expected: 'a whole GGUF file',
  });

/** Bytes that are read at a time. */
const WINDOW = 2 ** 20;

/** Reads on from the beginning of a file. Never behind its end. */
class Source {
  readonly size: number;
  readonly #from: HeaderBytes;
  readonly #path: string;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #begin = 0;
  #at = 0;

  constructor(from: HeaderBytes, path: string) {
    this.#from = from;
    this.size = from.size;
    this.#path = path;
  }

  get position(): number {
    return this.#begin + this.#at;
  }

  /** Offset in the window of the next `count` bytes, which are then behind. */
  #take(count: number): number {
    if (this.#at + count > this.#bytes.length) {
      const begin = this.position;
      if (begin + count > this.size) throw truncated(this.#path, begin + count, this.size, 'the header');
      this.#bytes = this.#from.read(begin, Math.min(Math.max(WINDOW, count), this.size - begin));
      if (this.#bytes.length < count)
        throw truncated(this.#path, begin + count, begin + this.#bytes.length, 'the header');
      this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
      [this.#begin, this.#at] = [begin, 0];
    }
    this.#at += count;
    return this.#at - count;
  }

  /** An unsigned integer of 1, 2 or 4 bytes. */
  number(bytes: number): number {
    const at = this.#take(bytes);
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 2 ? this.#view.getUint16(at, true) : this.#view.getUint32(at, true);
  }

  signed(bytes: number): number {
    const at = this.#take(bytes);
    if (bytes === 1) return this.#view.getInt8(at);
    return bytes === 2 ? this.#view.getInt16(at, true) : this.#view.getInt32(at, true);
  }

  float(bytes: 4 | 8): number {
    const at = this.#take(bytes);
    return bytes === 4 ? this.#view.getFloat32(at, true) : this.#view.getFloat64(at, true);
  }

  long(signed: boolean): number | bigint {
    const at = this.#take(8);
    const wide = signed ? this.#view.getBigInt64(at, true) : this.#view.getBigUint64(at, true);
    return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide;
  }

  /** An unsigned 64-bit integer that is exact as a number. */
  whole(): number {
    const wide = this.long(false);
    if (typeof wide === 'number') return wide;
    throw malformed(this.#path, `a size or offset of ${wide}`);
  }

  /** How many of something follow, at least `bytes` each. */
  count(what: string, bytes: number): number {
    const count = this.whole();
    const left = this.size - this.position;
    if (count * bytes <= left) return count;
    throw truncated(this.#path, this.position + count * bytes, this.size, `${count} ${what}`);
  }

  string(): string {
    const length = this.count('bytes of a string', 1);
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }
}
