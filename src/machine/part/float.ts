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
