import { HIGH } from './word-order.ts';

/**
 * Rounding of a float64 to a binary format of fewer bits, once and to nearest even (IEEE 754-2019 §4.3.1).
 * Going through float32 first would round twice, which is wrong for values near the middle of two neighbours.
 */
const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);

/** Adding and subtracting 2^52 rounds a float64 in [0, 2^51] to a whole number, ties to even. */
const WHOLE = 2 ** 52;

/** `x` in [0, 2^51] to the nearest whole number, ties to even. */
export function roundHalfEven(x: number): number {
  return x + WHOLE - WHOLE;
}

/** IEEE exponent E of a finite, non-zero x: |x| = (1+f)·2^E with 0 ≤ f < 1. Subnormals are normalised. */
export function exponentOf(x: number): number {
  float64[0] = x;
  const field = (words[HIGH] >>> 20) & 0x7ff;
  if (field !== 0) return field - 1023;
  float64[0] = x * WHOLE;
  return ((words[HIGH] >>> 20) & 0x7ff) - 1023 - 52;
}

/** A binary floating-point format: `precision` significant bits, hidden one included. */
export interface BinaryFormat {
  precision: number;
  minExponent: number;
  /** Largest finite value. */
  max: number;
}

/** IEEE 754 binary16, the type the authors' accuracy models run in. */
export const FLOAT16: BinaryFormat = { precision: 11, minExponent: -14, max: 65504 };

/**
 * Nearest value of `format`, ties to even, with gradual underflow; beyond the largest finite value plus half
 * a step it becomes ±∞. NaN stays NaN; the sign of zero is kept.
 */
export function roundTo(x: number, format: BinaryFormat): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const exponent = Math.max(exponentOf(size), format.minExponent);
  const step = 2 ** (exponent - format.precision + 1);
  const rounded = roundHalfEven(size / step) * step;
  const bounded = rounded > format.max ? Infinity : rounded;
  return x < 0 ? -bounded : bounded;
}
