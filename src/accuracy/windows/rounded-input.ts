/** Exponents that histograms tell apart: IEEE −24 … 7; smaller and larger ones count as the ends. */
export const LOWEST_EXPONENT = -24;
export const HIGHEST_EXPONENT = 8;

/** Index of zero, which has no exponent and lies below every window. */
export const ZERO = 0;

export const EXPONENTS = HIGHEST_EXPONENT - LOWEST_EXPONENT + 2;

/** Histogram index of an IEEE exponent: 1 for the lowest; 0 is zero. */
export const exponentIndex = (exponent: number): number =>
  Math.min(HIGHEST_EXPONENT, Math.max(LOWEST_EXPONENT, exponent)) - LOWEST_EXPONENT + 1;

export interface RoundedInput {
  /** Histogram index of the exponent after rounding, by BF16 bits. */
  exponent: Uint8Array;
  /** The input as the temporal code represents it, by BF16 bits. */
  value: Float32Array;
}

const tables = new Map<number, RoundedInput>();

/**
 * The input approximation (Mugi §3.1) for all 65,536 BF16 values: the mantissa rounded to `mantissaBits` bits, to
 * nearest with ties to even, a carry going into the exponent.
 */
export function roundedInput(mantissaBits: number): RoundedInput {
  const known = tables.get(mantissaBits);
  if (known) return known;
  const table = { exponent: new Uint8Array(65_536), value: new Float32Array(65_536) };
  const words = new Uint32Array(1);
  const float = new Float32Array(words.buffer);
  const steps = 2 ** mantissaBits;
  for (let bits = 0; bits < 65_536; bits++) {
    words[0] = bits << 16;
    const x = float[0];
    const size = Math.abs(x);
    if (size === 0) continue;
    if (!Number.isFinite(x)) {
      table.exponent[bits] = exponentIndex(HIGHEST_EXPONENT);
      table.value[bits] = x;
      continue;
    }
    const exponent = Math.floor(Math.log2(size));
    const scaled = (size / 2 ** exponent) * steps;
    const low = Math.floor(scaled);
    const rest = scaled - low;
    const rounded = (rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low) / steps;
    table.exponent[bits] = exponentIndex(exponent + (rounded >= 2 ? 1 : 0));
    table.value[bits] = Math.sign(x) * rounded * 2 ** exponent;
  }
  tables.set(mantissaBits, table);
  return table;
}
