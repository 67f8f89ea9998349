import { halfValues } from './half.ts';

/** Elements that share an F16 scale (ggml `QK4_0` = `QK8_0` = 32). */
export const BLOCK = 32;

/** Bytes of a block. */
export const BLOCK_BYTES = { q4_0: 18, q8_0: 34 } as const;

export type BlockFormat = keyof typeof BLOCK_BYTES;

/**
 * Values of whole ggml blocks. Q4_0: F16 scale d, 16 bytes whose low nibbles are elements 0..15 and whose high nibbles
 * are 16..31, value (q − 8)·d. Q8_0: F16 scale d, 32 signed bytes, value q·d. Exact in FP32.
 */
export function expandBlocks(format: BlockFormat, bytes: Uint8Array, out: Float32Array): void {
  const half = halfValues();
  const size = BLOCK_BYTES[format];
  for (let at = 0, to = 0; at < bytes.length; at += size, to += BLOCK) {
    const scale = half[bytes[at] | (bytes[at + 1] << 8)];
    for (let j = 0; j < BLOCK; j++) {
      const q =
        format === 'q8_0'
          ? (bytes[at + 2 + j] << 24) >> 24
          : (j < 16 ? bytes[at + 2 + j] & 15 : bytes[at + 2 + j - 16] >> 4) - 8;
      out[to + j] = q * scale;
    }
  }
}
