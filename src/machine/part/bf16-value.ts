/*
 * The arithmetic of `float.ts` on values instead of patterns, for the cycle models of whole arrays: round to nearest even,
 * subnormals read and written as zero. Float32 has more than 2·8 + 2 bits, so that rounding through it is rounding once
 * (Figueroa 1995).
 */
const value = new Float32Array(1);
const word = new Uint32Array(value.buffer);

function rounded(exact: number): number {
  value[0] = exact;
  const bits = word[0];
  if ((bits & 0x7f800000) === 0x7f800000) return value[0];
  const nearest = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  word[0] = (nearest & 0x7f800000) === 0 ? nearest & 0x80000000 : nearest;
  return value[0];
}

/** a + b of two BF16 values. */
export const sum = (a: number, b: number): number => rounded(a + b);
/** a · b of two BF16 values. */
export const product = (a: number, b: number): number => rounded(a * b);
