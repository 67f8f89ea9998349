import { type Bits, concat, constant } from '../../../hardware/bits.ts';
import { unit } from '../../unit.ts';

/**
 * M-proc (Mugi §4.1): splits a BF16 value and rounds its 7-bit mantissa to the 3 bits of the temporal code, to
 * nearest even, with the carry going into the exponent. A weight passes unchanged, because it is encoded as a
 * value with an exponent of zero whose mantissa needs no rounding.
 *
 * Packed result: magnitude [2:0], exponent after the carry [10:3] (biased), sign [11], zero [12], nan [13], INF or NaN [14].
 * A subnormal counts as zero: it lies below every window.
 *
 * A second route, which shares nothing with `vlp/input-split.ts` on purpose: the tests hold the node to the arithmetic.
 */
export function splitAndRound(x: number): number {
  const mantissa = x & 0x7f;
  const exponent = (x >>> 7) & 0xff;
  const kept = mantissa >>> 4;
  const rest = mantissa & 15;
  const rounded = kept + (rest > 8 || (rest === 8 && (kept & 1) === 1) ? 1 : 0);
  const nan = exponent === 255 && mantissa !== 0;
  const carried = exponent === 255 ? 255 : exponent + (rounded >>> 3);
  return (
    (rounded & 7) |
    (carried << 3) |
    ((x >>> 15) << 11) |
    (exponent === 0 ? 1 << 12 : 0) |
    (nan ? 1 << 13 : 0) |
    (exponent === 255 ? 1 << 14 : 0)
  );
}

export const MAGNITUDE_MASK = 7;
export const exponentOf = (split: number): number => (split >>> 3) & 0xff;
export const SPLIT_SIGN = 1 << 11;
export const SPLIT_ZERO = 1 << 12;
export const SPLIT_NAN = 1 << 13;
export const SPLIT_SPECIAL = 1 << 14;

/** An INT4 weight in sign and magnitude, as the row FIFO carries it: sign [15], magnitude [6:4]. */
export function encodeWeight(nibble: number): number {
  const sign = nibble >>> 3;
  const magnitude = nibble === 8 ? 7 : (sign === 1 ? 16 - nibble : nibble) & 7;
  return (sign << 15) | (magnitude << 4);
}

/** Exponent of `x` after the rounding carry: all that the exponent search needs of M-proc. */
export function carriedExponent(x: Bits): Bits {
  const exponent = x.slice(14, 7);
  // Mantissas of 120 and above round up to 2.0, also in the tie at 120, because 7 is odd.
  const carry = x.slice(6, 3).all();
  return exponent.add(carry.and(exponent.all().not()).extend(8));
}

export const mProc = unit({
  name: 'm_proc',
  doc: 'M-proc: sign, exponent and mantissa of a BF16 value; mantissa rounded to nearest even on 3 bits.',
  inputs: { x: 16 },
  hardware: (m, { x }) => {
    const exponent = x.slice(14, 7);
    const kept = x.slice(6, 4);
    const up = m.wire('round_up', x.bit(3).and(x.slice(2, 0).any().or(x.bit(4))));
    return {
      magnitude: kept.add(up.extend(3)),
      exponent: carriedExponent(x),
      sign: x.bit(15),
      zero: exponent.isZero(),
      nan: exponent.all().and(x.slice(6, 0).any()),
    };
  },
  behaviour: () => ({
    shown({ x }) {
      const split = splitAndRound(x);
      const has = (flag: number): number => ((split & flag) === 0 ? 0 : 1);
      return {
        magnitude: split & MAGNITUDE_MASK,
        exponent: exponentOf(split),
        sign: has(SPLIT_SIGN),
        zero: has(SPLIT_ZERO),
        nan: has(SPLIT_NAN),
      };
    },
  }),
  work: (draw) => () => ({ x: draw.bf16() }),
  events: {},
});

/** INT4 two's complement to sign and magnitude; -8, which needs a fourth magnitude bit, saturates at -7. */
export const weightEncoder = unit({
  name: 'weight_encoder',
  doc: "INT4 two's complement to sign [15] and magnitude [6:4]; -8 saturates at -7.",
  inputs: { nibble: 4 },
  hardware: (m, { nibble }) => {
    const sign = nibble.bit(3);
    const low = nibble.low(3);
    const magnitude = sign.choose(low.isZero().choose(7, low.negate()), low);
    return { x: m.wire('encoded', concat(sign, constant(0, 8), magnitude, constant(0, 4))) };
  },
  behaviour: () => ({ shown: ({ nibble }) => ({ x: encodeWeight(nibble) }) }),
  work: (draw) => () => ({ nibble: draw.below(16) }),
  events: {},
});
