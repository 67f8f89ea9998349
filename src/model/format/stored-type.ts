import { MugiError } from '../../errors.ts';
import { BLOCK, BLOCK_BYTES, expandBlocks } from '../../number/ggml-blocks.ts';
import { GGML_FORMATS, type GgmlFormat, type GgmlType, isGgml } from '../../number/ggml-quants.ts';
import { halfValues } from '../../number/half.ts';

/** How a checkpoint stores a tensor. F32, F16 and BF16 element by element, the others in blocks (GGUF). */
export type StoredType = (typeof PLAIN)[number] | GgmlType;
const PLAIN = ['F32', 'F16', 'BF16', 'Q4_0', 'Q8_0'] as const;

/** Whether a type of that name is read. */
export const isStored = (name: string): name is StoredType =>
  (PLAIN as readonly string[]).includes(name) || isGgml(name);

/** Elements that a type stores together. */
export function blockElements(type: StoredType): number {
  if (isGgml(type)) return GGML_FORMATS[type].elements;
  return type === 'Q4_0' || type === 'Q8_0' ? BLOCK : 1;
}

/** Bytes that `count` elements of `type` occupy. `count` must be whole blocks. */
export function storedBytes(type: StoredType, count: number): number {
  if (isGgml(type)) return (count / GGML_FORMATS[type].elements) * GGML_FORMATS[type].bytes;
  switch (type) {
    case 'F32':
      return count * 4;
    case 'F16':
    case 'BF16':
      return count * 2;
    case 'Q4_0':
      return (count / BLOCK) * BLOCK_BYTES.q4_0;
    case 'Q8_0':
      return (count / BLOCK) * BLOCK_BYTES.q8_0;
  }
}

/** Expands `count` elements stored as `type`, beginning at element `first`, into `out`. Exact for every type. */
export function expand(
  type: StoredType,
  bytes: Uint8Array,
  first: number,
  count: number,
  out: Float32Array,
): void {
  if (isGgml(type)) {
    const { elements, bytes: size, unpack } = GGML_FORMATS[type];
    for (let at = 0; at < count; at += elements) unpack(bytes, ((first + at) / elements) * size, out, at);
    return;
  }
  switch (type) {
    case 'F32':
      out.set(new Float32Array(bytes.buffer, bytes.byteOffset + first * 4, count));
      return;
    case 'F16': {
      const half = halfValues();
      const bits = new Uint16Array(bytes.buffer, bytes.byteOffset + first * 2, count);
      for (let i = 0; i < count; i++) out[i] = half[bits[i]]!;
      return;
    }
    case 'BF16': {
      const bits = new Uint16Array(bytes.buffer, bytes.byteOffset + first * 2, count);
      const words = new Uint32Array(out.buffer, out.byteOffset, count);
      for (let i = 0; i < count; i++) words[i] = bits[i] << 16;
      return;
    }
    case 'Q4_0':
    case 'Q8_0': {
      if (first % BLOCK !== 0 || count % BLOCK !== 0) {
        throw new MugiError({ code: 'internal', message: `${type} is read in whole blocks of ${BLOCK}` });
      }
      const begin = storedBytes(type, first);
      const end = storedBytes(type, first + count);
      expandBlocks(type === 'Q4_0' ? 'q4_0' : 'q8_0', bytes.subarray(begin, end), out);
    }
  }
}

/** Index of the first element that is NaN or infinite, or −1. Works on the stored bits, without expanding. */
export function firstNonFinite(type: StoredType, bytes: Uint8Array): number {
  if (isGgml(type)) {
    const format: GgmlFormat = GGML_FORMATS[type];
    for (let at = 0; at < bytes.length; at += format.bytes) {
      const bad =
        format.halves.some((place) => (bytes[at + place + 1] & 0x7c) === 0x7c) ||
        (format.exponent !== undefined && bytes[at + format.exponent] === 0xff);
      if (bad) return (at / format.bytes) * format.elements;
    }
    return -1;
  }
  switch (type) {
    case 'F32': {
      const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
      for (let i = 0; i < words.length; i++) if ((words[i] & 0x7f80_0000) === 0x7f80_0000) return i;
      return -1;
    }
    case 'F16':
    case 'BF16': {
      const exponent = type === 'F16' ? 0x7c00 : 0x7f80;
      const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
      const pairs = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
      // An exponent of ones, and one more in its last place, carries into the sign: two elements at a time.
      const mask = exponent * 0x10001;
      const one = (exponent & -exponent) * 0x10001;
      let pair = 0;
      while (pair < pairs.length && (((pairs[pair] & mask) + one) & 0x80008000) === 0) pair++;
      for (let i = 2 * pair; i < bits.length; i++) if ((bits[i] & exponent) === exponent) return i;
      return -1;
    }
    case 'Q4_0':
    case 'Q8_0': {
      const size = type === 'Q4_0' ? 18 : 34;
      for (let at = 0; at < bytes.length; at += size) {
        if ((bytes[at + 1] & 0x7c) === 0x7c) return (at / size) * BLOCK;
      }
      return -1;
    }
  }
}
