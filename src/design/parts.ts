import type { Sram } from './design.ts';

export interface Mesh {
  rows: number;
  columns: number;
}

/** The narrowest SRAM word of at least `bits`: cost tables hold powers of two. */
export const sramWord = (bits: number): number => 2 ** Math.ceil(Math.log2(bits));

/** An SRAM of `kibibytes` in four banks with words of `wordBits`. */
export const sram = (kibibytes: number, wordBits: number): Sram => ({
  wordBits,
  depthPerBank: (kibibytes * 1024 * 8) / (4 * wordBits),
});
