import { type BinaryFormat, exponentOf, roundTo } from './rounding.ts';

/**
 * FP8 of the OCP 8-bit Floating Point Specification 1.0, the number formats of Carat (ASPLOS 2024):
 * E4M3 reaches 448, has no infinity and one NaN magnitude (S.1111.111); E5M2 is laid out like IEEE binary16.
 */
export interface Fp8Format extends BinaryFormat {
  name: 'e4m3' | 'e5m2';
  mantissaBits: number;
  bias: number;
  /** Pattern that a value beyond the largest finite one becomes when it does not saturate. */
  overflow: number;
  nan: number;
}

export const E4M3: Fp8Format = {
  name: 'e4m3',
  precision: 4,
  minExponent: -6,
  max: 448,
  mantissaBits: 3,
  bias: 7,
  overflow: 0x7f,
  nan: 0x7f,
};

export const E5M2: Fp8Format = {
  name: 'e5m2',
  precision: 3,
  minExponent: -14,
  max: 57344,
  mantissaBits: 2,
  bias: 15,
  overflow: 0x7c,
  nan: 0x7e,
};

/**
 * Pattern 0…255 of the nearest FP8, ties to even. Beyond the largest finite value it saturates (the OCP
 * default for conversion), or with `saturate` false becomes NaN (E4M3) or ±∞ (E5M2). ±∞ follows the same rule.
 */
export function toBits(value: number, format: Fp8Format, saturate = true): number {
  if (Number.isNaN(value)) return format.nan;
  const sign = value < 0 || Object.is(value, -0) ? 0x80 : 0;
  let size = Math.abs(roundTo(value, format));
  if (size > format.max) {
    if (!saturate) return sign | format.overflow;
    size = format.max;
  }
  if (size === 0) return sign;
  const exponent = Math.max(exponentOf(size), format.minExponent);
  const significand = size * 2 ** (format.mantissaBits - exponent);
  // The hidden one of a normal raises the exponent field by one; a subnormal has none and stays in field 0.
  return sign | (((exponent + format.bias - 1) << format.mantissaBits) + significand);
}

/** Value of an FP8 pattern; exact. */
export function fromBits(bits: number, format: Fp8Format): number {
  const sign = bits & 0x80 ? -1 : 1;
  const magnitude = bits & 0x7f;
  const field = magnitude >> format.mantissaBits;
  const fraction = magnitude & ((1 << format.mantissaBits) - 1);
  if (format.name === 'e4m3' && magnitude === 0x7f) return Number.NaN;
  if (format.name === 'e5m2' && field === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  const exponent = Math.max(field, 1) - format.bias;
  const significand = (field === 0 ? 0 : 1 << format.mantissaBits) + fraction;
  return sign * significand * 2 ** (exponent - format.mantissaBits);
}
