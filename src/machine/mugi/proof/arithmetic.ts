/**
 * The node's arithmetic on BF16 bit patterns, in the form that the behavioural units use every cycle: numbers in,
 * numbers out, no allocation. A second route, which shares nothing with `src/number` and the hardware builder on purpose:
 * the tests hold all three equal.
 *
 * Rules of the hardware: round to nearest even, gradual underflow, and one canonical NaN (0x7FC0).
 */
const view = new DataView(new ArrayBuffer(4));
const float = new Float32Array(view.buffer);
const word = new Uint32Array(view.buffer);

export const BF16_NAN = 0x7fc0;
export const BF16_ONE = 0x3f80;

/** The value of a BF16 pattern. */
export function fromBits(bits: number): number {
  word[0] = bits << 16;
  return float[0];
}

/** RNE of a single-precision (or narrower) value to BF16. */
export function toBits(value: number): number {
  float[0] = value;
  const w = word[0];
  if ((w & 0x7fffffff) > 0x7f800000) return BF16_NAN;
  return (w + 0x7fff + ((w >>> 16) & 1)) >>> 16;
}

/** BF16 sum. Single precision holds 24 ≥ 2·8 + 2 significant bits, so rounding twice equals rounding once. */
export function add(a: number, b: number): number {
  word[0] = a << 16;
  const x = float[0];
  word[0] = b << 16;
  return toBits(x + float[0]);
}

/** BF16 product; exact in single precision before its one rounding, except below 2^-149, where both give zero. */
export function multiply(a: number, b: number): number {
  word[0] = a << 16;
  const x = float[0];
  word[0] = b << 16;
  return toBits(x * float[0]);
}

const isNaNBits = (bits: number): boolean => (bits & 0x7fff) > 0x7f80;

/** Key that orders BF16 patterns as the numbers they stand for: monotone, unsigned, 16 bits; NaN above all. */
export function orderKey(bits: number): number {
  if (isNaNBits(bits)) return 0xffff;
  return bits & 0x8000 ? ~bits & 0xffff : bits | 0x8000;
}
