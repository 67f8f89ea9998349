import { wholeNumber } from '../errors.ts';

/**
 * Input field split (Mugi §3.1, Fig. 3): a BF16 becomes sign, a mantissa of `bits` bits (rounded to nearest even,
 * with carry into the exponent) and the IEEE exponent. The mantissa is the temporal code, the exponent the column.
 */
export interface InputSplit {
  bits: number;
  /** [32768] by magnitude pattern: exponent after carry; NEUTRAL where E-proc must not see the input. */
  exponent: Int16Array;
  /** [32768] by magnitude pattern: rounded mantissa, 0 … 2^bits − 1. */
  mantissa: Uint8Array;
}

/** Exponent of inputs that take no part in the choice of a window: zero, subnormals (flushed), ±∞, NaN. */
export const NEUTRAL = -32768;

/** Rounds a 7-bit mantissa to `bits` bits, ties to even; `carry` is 1 when it reached the next power of two. */
export function roundMantissa(mantissa: number, bits: number): { mantissa: number; carry: number } {
  const dropped = 7 - bits;
  const half = (1 << dropped) >> 1;
  const kept = mantissa >> dropped;
  const rest = mantissa & ((1 << dropped) - 1);
  const up = rest > half || (rest === half && half > 0 && (kept & 1) === 1) ? 1 : 0;
  const rounded = kept + up;
  return { mantissa: rounded & ((1 << bits) - 1), carry: rounded >> bits };
}

const cache = new Map<number, InputSplit>();

/** The split of all 32,768 magnitudes for a mantissa width of 1 to 7 bits (the paper's 3; 2 and 4 as ablation). */
export function inputSplit(bits: number): InputSplit {
  wholeNumber('mantissa bits', bits, 1, 7);
  const known = cache.get(bits);
  if (known !== undefined) return known;
  const exponent = new Int16Array(32768).fill(NEUTRAL);
  const mantissa = new Uint8Array(32768);
  for (let magnitude = 0x80; magnitude < 0x7f80; magnitude++) {
    const rounded = roundMantissa(magnitude & 0x7f, bits);
    exponent[magnitude] = (magnitude >> 7) - 127 + rounded.carry;
    mantissa[magnitude] = rounded.mantissa;
  }
  const split = { bits, exponent, mantissa };
  cache.set(bits, split);
  return split;
}
