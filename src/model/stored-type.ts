import { MugiError } from '../errors.ts';
import { halfValues } from '../number/half.ts';

/** How a checkpoint stores a tensor. F32, F16 and BF16 element by element; the Q types in blocks of 32 (GGUF). */
export type StoredType = 'F32' | 'F16' | 'BF16' | 'Q4_0' | 'Q8_0';

/** Elements of a GGUF block; each block carries one F16 scale (ggml `QK4_0` = `QK8_0` = 32). */
export const QUANT_BLOCK = 32;

/** Bytes that `count` elements of `type` occupy. `count` must be a multiple of 32 for the block types. */
export function storedBytes(type: StoredType, count: number): number {
  switch (type) {
    case 'F32':
      return count * 4;
    case 'F16':
    case 'BF16':
      return count * 2;
    case 'Q4_0':
      return (count / QUANT_BLOCK) * 18;
    case 'Q8_0':
      return (count / QUANT_BLOCK) * 34;
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
  switch (type) {
    case 'F32':
      out.set(new Float32Array(bytes.buffer, bytes.byteOffset + first * 4, count));
      return;
    case 'F16': {
      const half = halfValues();
      const bits = new Uint16Array(bytes.buffer, bytes.byteOffset + first * 2, count);
      for (let i = 0; i < count; i++) out[i] = half[bits[i]!]!;
      return;
    }
    case 'BF16': {
      const bits = new Uint16Array(bytes.buffer, bytes.byteOffset + first * 2, count);
      const words = new Uint32Array(out.buffer, out.byteOffset, count);
      for (let i = 0; i < count; i++) words[i] = bits[i]! << 16;
      return;
    }
    case 'Q4_0':
    case 'Q8_0':
      expandBlocks(type, bytes, first, count, out);
  }
}

function expandBlocks(
  type: 'Q4_0' | 'Q8_0',
  bytes: Uint8Array,
  first: number,
  count: number,
  out: Float32Array,
) {
  if (first % QUANT_BLOCK !== 0 || count % QUANT_BLOCK !== 0) {
    throw new MugiError({ code: 'internal', message: `${type} is read in whole blocks of ${QUANT_BLOCK}` });
  }
  const size = storedBytes(type, QUANT_BLOCK);
  const begin = (first / QUANT_BLOCK) * size;
  const { values, scales } = blocksOf(type, bytes.subarray(begin, begin + (count / QUANT_BLOCK) * size));
  for (let i = 0; i < count; i++) out[i] = values[i]! * scales[Math.floor(i / QUANT_BLOCK)]!;
}

/**
 * Whole numbers and scales of ggml blocks of 32. Q4_0: F16 scale d, 16 bytes whose low nibbles are elements 0..15 and
 * whose high nibbles are 16..31, value (q − 8)·d. Q8_0: F16 scale d, 32 signed bytes, value q·d.
 */
export function blocksOf(
  type: 'Q4_0' | 'Q8_0',
  bytes: Uint8Array,
): { values: Int8Array; scales: Float32Array } {
  const half = halfValues();
  const size = storedBytes(type, QUANT_BLOCK);
  const blocks = bytes.length / size;
  const values = new Int8Array(blocks * QUANT_BLOCK);
  const scales = new Float32Array(blocks);
  for (let b = 0; b < blocks; b++) {
    const at = b * size;
    scales[b] = half[bytes[at]! | (bytes[at + 1]! << 8)]!;
    const to = b * QUANT_BLOCK;
    for (let j = 0; j < QUANT_BLOCK; j++) {
      if (type === 'Q8_0') values[to + j] = bytes[at + 2 + j]!;
      else values[to + j] = (j < 16 ? bytes[at + 2 + j]! & 15 : bytes[at + 2 + j - 16]! >> 4) - 8;
    }
  }
  return { values, scales };
}

/** Index of the first element that is NaN or infinite, or −1. Works on the stored bits, without expanding. */
export function firstNonFinite(type: StoredType, bytes: Uint8Array): number {
  switch (type) {
    case 'F32': {
      const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
      for (let i = 0; i < words.length; i++) if ((words[i]! & 0x7f80_0000) === 0x7f80_0000) return i;
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
      while (pair < pairs.length && (((pairs[pair]! & mask) + one) & 0x80008000) === 0) pair++;
      for (let i = 2 * pair; i < bits.length; i++) if ((bits[i]! & exponent) === exponent) return i;
      return -1;
    }
    case 'Q4_0':
    case 'Q8_0': {
      const size = type === 'Q4_0' ? 18 : 34;
      for (let at = 0; at < bytes.length; at += size) {
        if ((bytes[at + 1]! & 0x7c) === 0x7c) return (at / size) * QUANT_BLOCK;
      }
      return -1;
    }
  }
}
