import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import { ALIGNED_BITS, alignedValue } from '../figna/figna-align.ts';
import { signedProduct } from '../figna/integer-product.ts';
import { unit, widePin } from '../unit.ts';

/** Bits of the magnitude of a product: 7 · (2^12 − 1) and below. */
export const PRODUCT_BITS = ALIGNED_BITS + 3;

/** INT4 in two's complement, −7 to 7, as sign and magnitude. */
export const signAndSize = (weight: Bits): { negative: Bits; size: Bits } => ({
  negative: weight.msb,
  size: mux(weight.msb, weight.negate(), weight).low(3),
});

/** `value · 2^places`, as wide as a product. */
const raised = (value: Bits, places: number): Bits =>
  (places === 0 ? value : concat(value, constant(0, places))).extend(PRODUCT_BITS);

/** Multiplies an aligned significand, sign and magnitude, with an INT4 weight. */
export const integerMultiplier = unit({
  name: 'integer_multiplier',
  doc: 'INT4 weight times aligned significand: magnitude and sign.',
  inputs: { bus: ALIGNED_BITS + 1, weight: 4 },
  hardware: (m, { bus, weight }) => {
    const { negative, size } = signAndSize(weight);
    return {
      magnitude: bus.low(ALIGNED_BITS).mul(m.wire('weight_size', size)),
      negative: bus.msb.xor(negative),
    };
  },
  behaviour: () => ({ shown: ({ bus, weight }) => signedProduct(bus, weight) }),
  work: (draw) => () => ({ bus: draw.below(2 ** (ALIGNED_BITS + 1)), weight: (draw.below(15) - 7) & 15 }),
  events: {},
});

export const ODD = [1, 3, 5, 7] as const;
/** Bits of an odd multiple. */
const oddBits = (factor: number): number => ALIGNED_BITS + Math.ceil(Math.log2(factor));

/** Sign, then 1a, 3a, 5a and 7a. */
export const INTEGER_BUS = 1 + ODD.reduce((sum, factor) => sum + oddBits(factor), 0);

/** The bus of an aligned significand's odd multiples, by one addition or subtraction each. */
export function integerMultiples(aligned: Bits): Bits {
  const a = aligned.low(ALIGNED_BITS);
  const once = raised(a, 0);
  const multiples = [once, once.add(raised(a, 1)), once.add(raised(a, 2)), raised(a, 3).sub(once)];
  return concat(aligned.msb, ...multiples.map((value, i) => value.low(oddBits(ODD[i]))));
}

/** The same as behaviour. */
const multiplesOf = (aligned: number): bigint =>
  ODD.reduce(
    (bus, factor) => (bus << BigInt(oddBits(factor))) | BigInt(factor * Math.abs(alignedValue(aligned))),
    BigInt(aligned >>> ALIGNED_BITS),
  );

/** Picks a multiple by an INT4 weight: an odd one, or its double or quadruple. */
export const integerPicker = unit({
  name: 'integer_picker',
  doc: 'The multiple of an aligned significand that an INT4 weight names, out of the odd ones: magnitude and sign.',
  inputs: { bus: widePin(INTEGER_BUS), weight: 4 },
  hardware: (m, { bus, weight }) => {
    const { negative, size } = signAndSize(weight);
    const magnitude = m.wire('weight_size', size);
    let top = INTEGER_BUS - 2;
    const [one, three, five, seven] = ODD.map((factor) => {
      const value = bus.slice(top, top - oddBits(factor) + 1);
      top -= oddBits(factor);
      return value;
    });
    const choices = [
      raised(one, 0),
      raised(one, 1),
      raised(three, 0),
      raised(one, 2),
      raised(five, 0),
      raised(three, 1),
      raised(seven, 0),
    ];
    return {
      magnitude: oneOf(
        choices.map((_, i) => magnitude.eq(i + 1)),
        choices,
      ),
      negative: bus.msb.xor(negative),
    };
  },
  /** One times the significand is behind the sign. */
  behaviour: () => ({
    shown: ({ bus, weight }) => signedProduct(Number(bus >> BigInt(INTEGER_BUS - 1 - ALIGNED_BITS)), weight),
  }),
  work: (draw) => () => ({
    bus: multiplesOf(draw.below(2 ** (ALIGNED_BITS + 1))),
    weight: (draw.below(15) - 7) & 15,
  }),
  events: {},
});
