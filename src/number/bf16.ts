import { HIGH, LOW } from './word-order.ts';

/**
 * BFloat16: 1 sign, 8 exponent and 7 mantissa bits, bias 127; the upper half of an IEEE binary32.
 * Patterns are numbers 0…65535 (in bulk a Uint16Array). Every NaN that arithmetic or conversion yields is the
 * one quiet pattern 0x7fc0, so that results can be compared bit for bit.
 */
export const ZERO = 0x0000;
export const NEGATIVE_ZERO = 0x8000;
export const ONE = 0x3f80;
export const INFINITY = 0x7f80;
export const NEGATIVE_INFINITY = 0xff80;
export const NAN = 0x7fc0;

/** Largest relative distance of a normal value from its BF16 rounding: half a unit of its eighth bit. */
export const UNIT_ROUNDOFF = 2 ** -8;
/** Smallest positive normal value. */
export const MIN_NORMAL = 2 ** -126;

const float64 = new Float64Array(1);
const words64 = new Uint32Array(float64.buffer);
const float32 = new Float32Array(1);
const word32 = new Uint32Array(float32.buffer);

/** Multiples of 2^-133 are the subnormals; the constant turns one into a whole number. */
const SUBNORMAL_SCALE = 2 ** 133;
const WHOLE = 2 ** 52;

/** Pattern of the BF16 nearest to a float64, ties to even, rounded once from all 52 mantissa bits. */
export function toBits(value: number): number {
  float64[0] = value;
  const high = words64[HIGH];
  const sign = (high >>> 16) & 0x8000;
  const exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0x7ff) return value === value ? sign | INFINITY : NAN;
  if (exponent < 1023 - 126) return sign | (Math.abs(value) * SUBNORMAL_SCALE + WHOLE - WHOLE);
  let bits = ((exponent - 1023 + 127) << 7) | ((high >>> 13) & 0x7f);
  const rest = high & 0x1fff;
  if (rest > 0x1000 || (rest === 0x1000 && (words64[LOW] !== 0 || (bits & 1) === 1))) bits += 1;
  return sign | (bits < INFINITY ? bits : INFINITY);
}

/** Value of a pattern; exact, because every BF16 is a float64. */
export function fromBits(bits: number): number {
  word32[0] = bits << 16;
  return float32[0];
}

/** The BF16 value nearest to `value`, ties to even. */
export function round(value: number): number {
  return fromBits(toBits(value));
}

/**
 * Pattern for the float32 whose 32-bit pattern is `word`, rounded to nearest even: the inner step of bulk conversion,
 * small enough to be inlined. Of NaN it serves only those that arithmetic makes, whose lower half is 0.
 */
export function roundWord(word: number): number {
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The same for every float32, any NaN included. */
export function fromFloat32Word(word: number): number {
  return (word & 0x7fffffff) > 0x7f800000 ? NAN : roundWord(word);
}

export function isNaN(bits: number): boolean {
  return (bits & 0x7fff) > INFINITY;
}

export function isSubnormal(bits: number): boolean {
  return (bits & INFINITY) === 0 && (bits & 0x7f) !== 0;
}

/** Any NaN to the quiet NaN 0x7fc0; everything else unchanged. */
export function quiet(bits: number): number {
  return isNaN(bits) ? NAN : bits;
}

/** Flush to zero: a subnormal becomes a zero of its sign, as in the hardware's adders and multipliers. */
export function flush(bits: number): number {
  return (bits & INFINITY) === 0 ? bits & 0x8000 : bits;
}

/*
 * Arithmetic goes through float64: with 53 ≥ 2·8 + 2 significant bits, rounding a sum, product or quotient of
 * two BF16 first to float64 and then to BF16 gives the same as rounding once (Figueroa 1995).
 */
function arithmetic(operation: (a: number, b: number) => number) {
  return (a: number, b: number, flushToZero = false): number => {
    if (!flushToZero) return toBits(operation(fromBits(a), fromBits(b)));
    return flush(toBits(operation(fromBits(flush(a)), fromBits(flush(b)))));
  };
}

/** a + b of two patterns, rounded once; `flushToZero` treats subnormal operands and results as zero. */
export const add = arithmetic((a, b) => a + b);
/** a − b of two patterns, rounded once. */
export const subtract = arithmetic((a, b) => a - b);
/** a · b of two patterns, rounded once. */
export const multiply = arithmetic((a, b) => a * b);
/** a ∕ b of two patterns, rounded once. */
export const divide = arithmetic((a, b) => a / b);

/*
 * Bulk conversion. The rounding of `roundWord` is written out in these loops, which run at a fraction of the speed with a
 * call in them.
 */

/** Patterns of a float32 tensor; `out` may be given to avoid an allocation. */
export function encode(values: Float32Array, out = new Uint16Array(values.length)): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    out[i] = (word & 0x7fffffff) > 0x7f800000 ? NAN : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return out;
}

/** Float32 tensor of patterns, exact; `out` may be given to avoid an allocation. */
export function decode(bits: Uint16Array, out = new Float32Array(bits.length)): Float32Array {
  const words = new Uint32Array(out.buffer, out.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return out;
}

/** Rounds float32 values to BF16 where they stand; infinities and NaN stay what they are. */
export function roundAll(values: Float32Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if ((word & 0x7f800000) !== 0x7f800000) words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
}

/** Multiplies float32 values by a factor, or each by its own, and rounds to BF16, as `roundAll` behind a loop would. */
export function multiplyAll(values: Float32Array, by: number | Float32Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const each = typeof by === 'number' ? undefined : by;
  const factor = typeof by === 'number' ? by : 1;
  for (let i = 0; i < words.length; i++) {
    values[i] *= each === undefined ? factor : each[i];
    const word = words[i];
    if ((word & 0x7f800000) !== 0x7f800000) words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
}

/** Distance of two patterns in steps of the format, −0 and +0 being one; NaN against anything is infinite. */
export function steps(a: number, b: number): number {
  if (isNaN(a) || isNaN(b)) return isNaN(a) && isNaN(b) ? 0 : Infinity;
  return Math.abs(ordered(a) - ordered(b));
}

/** A whole number that orders patterns as their values. */
function ordered(bits: number): number {
  return bits & 0x8000 ? -(bits & 0x7fff) : bits;
}

/** Pattern as four hexadecimal digits, `3f80`. */
export function hex(bits: number): string {
  return bits.toString(16).padStart(4, '0');
}
