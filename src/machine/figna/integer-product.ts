import { mux } from '../../hardware/bits.ts';
import { int4Value } from '../part/int4-to-bf16.ts';
import { unit } from '../unit.ts';
import { ALIGNED_BITS, alignedValue } from './figna-align.ts';

/** INT4, −7 to 7, times aligned significand, as units give it: its magnitude, and the sign that a zero keeps. */
export const signedProduct = (aligned: number, weight: number) => ({
  magnitude: Math.abs(alignedValue(aligned) * int4Value(weight)),
  negative: (aligned >>> ALIGNED_BITS) ^ (weight >>> 3),
});

/** INT4 × aligned significand as its magnitude and whether it is negative. */
export const integerProduct = unit({
  name: 'integer_product',
  doc: 'INT4 weight times aligned significand: magnitude and sign.',
  inputs: { activation: ALIGNED_BITS + 1, weight: 4 },
  hardware: (m, { activation, weight }) => {
    const size = m.wire('weight_magnitude', mux(weight.msb, weight.negate(), weight));
    return {
      magnitude: activation.low(ALIGNED_BITS).mul(size.low(3)),
      negative: activation.msb.xor(weight.msb),
    };
  },
  behaviour: () => ({ shown: ({ activation, weight }) => signedProduct(activation, weight) }),
  work: (draw) => () => ({
    activation: draw.below(2 ** (ALIGNED_BITS + 1)),
    weight: (draw.below(15) - 7) & 15,
  }),
  events: {},
});
