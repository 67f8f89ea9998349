import { fromBits, toBits } from '../../number/bf16.ts';

/*
 * BF16 arithmetic of the compared datapaths, on bit patterns: round to nearest even, subnormals read and written
 * as zero, as accelerators do, and the one NaN 0x7fc0. All designs of a comparison share these units.
 */

/** Zero with the sign of a subnormal; everything else unchanged. */
export const flush = (bits: number): number => ((bits & 0x7f80) === 0 ? bits & 0x8000 : bits);

const value = (bits: number): number => fromBits(flush(bits));

export const add = (a: number, b: number): number => flush(toBits(value(a) + value(b)));

export const multiply = (a: number, b: number): number => flush(toBits(value(a) * value(b)));

/** The sum of a power of two of values by a balanced tree: pairs first, then pairs of pairs. */
export function treeSum(values: readonly number[]): number {
  let level = values;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, i) => add(level[2 * i], level[2 * i + 1]));
  return level[0];
}
