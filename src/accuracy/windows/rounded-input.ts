import { fromBits } from '../../number/bf16.ts';
import { exponentOf, roundTo } from '../../number/rounding.ts';

/** Exponents that histograms tell apart: IEEE −24 … 8; smaller and larger ones count as the ends. */
export const LOWEST_EXPONENT = -24;
const HIGHEST_EXPONENT = 8;

/** Index of zero, which has no exponent and lies below every window. */
export const ZERO = 0;

export const EXPONENTS = HIGHEST_EXPONENT - LOWEST_EXPONENT + 2;

/** Histogram index of an IEEE exponent: 1 for the lowest; 0 is zero. */
export const exponentIndex = (exponent: number): number =>
  Math.min(HIGHEST_EXPONENT, Math.max(LOWEST_EXPONENT, exponent)) - LOWEST_EXPONENT + 1;

/** IEEE exponent of a histogram index; for zero, one that lies below all others. */
export const exponentAt = (index: number): number => LOWEST_EXPONENT - 1 + index;

export interface RoundedInput {
  /** Histogram index of the exponent after rounding, by BF16 bits. */
  exponent: Uint8Array;
  /** The input as the temporal code represents it, by BF16 bits. */
  value: Float32Array;
}

const tables = new Map<number, RoundedInput>();

/**
 * The input approximation (Mugi §3.1) for all 65,536 BF16 values: the mantissa rounded to `mantissaBits` bits, to
 * nearest with ties to even, a carry going into the exponent. Infinities count as the largest exponent, NaN likewise.
 */
export function roundedInput(mantissaBits: number): RoundedInput {
  const known = tables.get(mantissaBits);
  if (known) return known;
  const table = { exponent: new Uint8Array(65_536), value: new Float32Array(65_536) };
  const kept = { precision: mantissaBits + 1, minExponent: -Infinity, max: Infinity };
  for (let bits = 0; bits < 65_536; bits++) {
    const value = roundTo(fromBits(bits), kept);
    table.value[bits] = value;
    if (value === 0) table.exponent[bits] = ZERO;
    else table.exponent[bits] = exponentIndex(Number.isFinite(value) ? exponentOf(value) : HIGHEST_EXPONENT);
  }
  tables.set(mantissaBits, table);
  return table;
}
