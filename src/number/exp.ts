import { HIGH } from './word-order.ts';

/**
 * e^x as the exact functions of a model compute it: the same on every engine, and the same, operation by operation, in the
 * compiled kernels (src/kernel/assembly/exp.ts). With x = k·ln 2 + r and |r| ≤ ½·ln 2, e^x = 2^k·e^r; e^r is its Taylor
 * series of degree 13, even and odd powers apart, which leaves 4e-18. The result is less than 1e-15 off, relative.
 */

/** Below, the result is 0 (3e-308 and less, nothing in float32); above `HIGHEST` that of `HIGHEST`, 8e307. */
const LOWEST = -708;
const HIGHEST = 709;

/** Added to a number below 2^51 in magnitude, it leaves the nearest whole number in the last bits. */
const WHOLE = 1.5 * 2 ** 52;
/** ln 2 in two parts, the first short enough for exact products with k. */
const LN2_HIGH = 0x162e42fee / 2 ** 33;
const LN2_LOW = 1.90821492927058770002e-10;

/** 1/n! of even and of odd n. */
const EVEN = [1, 1 / 2, 1 / 24, 1 / 720, 1 / 40320, 1 / 3628800, 1 / 479001600] as const;
const ODD = [1, 1 / 6, 1 / 120, 1 / 5040, 1 / 362880, 1 / 39916800, 1 / 6227020800] as const;
const [, E1, E2, E3, E4, E5, E6] = EVEN;
const [, O1, O2, O3, O4, O5, O6] = ODD;

const value = new Float64Array(1);
const words = new Int32Array(value.buffer);

export function exp(x: number): number {
  if (x < LOWEST) return 0;
  if (x > HIGHEST) x = HIGHEST;
  const k = x * Math.LOG2E + WHOLE - WHOLE;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const z = r * r;
  const even = 1 + z * (E1 + z * (E2 + z * (E3 + z * (E4 + z * (E5 + z * E6)))));
  const odd = 1 + z * (O1 + z * (O2 + z * (O3 + z * (O4 + z * (O5 + z * O6)))));
  value[0] = even + r * odd;
  if (value[0] !== value[0]) return Number.NaN;
  words[HIGH] += k << 20;
  return value[0];
}
