import { concat, constant, mux } from '../../hardware/bits.ts';
import { addWithCarry } from '../../hardware/units/shift.ts';
import { int4Value } from '../part/int4-to-bf16.ts';
import { ALIGNED_BITS, alignedValue } from './figna-align.ts';
import { unit } from '../unit.ts';

/** Two's complement partial sums: products of 8 · 2^12 and below over at most 128 rows. */
export const SUM_BITS = 24;

export interface FignaInputs {
  /** As `align` gives it: sign and magnitude. */
  activation: number;
  /** Two's complement of SUM_BITS, as a signed number. */
  partial: number;
  /** INT4 in two's complement, 0…15. */
  weight: number;
  load: boolean;
}

/**
 * Integer processing element after FIGNA: INT4 × aligned significand, added to an integer partial sum. It stands
 * where the plain array has a BF16 multiplier and a BF16 adder; exact, one cycle.
 */
export class FignaPe {
  activation = 0;
  weight = 0;
  partial = 0;

  clock({ activation, partial, weight, load }: FignaInputs): void {
    const signed = alignedValue(this.activation);
    const spare = 32 - SUM_BITS;
    this.partial = ((partial + signed * int4Value(this.weight)) << spare) >> spare;
    this.activation = activation;
    if (load) this.weight = weight;
  }
}

export const fignaPe = unit({
  name: 'figna_pe',
  doc: 'Integer cell: INT4 weight times aligned significand, added to an integer partial sum.',
  inputs: { activation: ALIGNED_BITS + 1, partial: SUM_BITS, weight: 4, load: 1 },
  hardware: (m, { activation, partial, weight, load }) => {
    const kept = m.delay('kept_weight', weight, { enable: load, reset: 0 });
    const passed = m.delay('passed', activation, { reset: 0 });
    const size = m.wire('weight_magnitude', mux(kept.msb, kept.negate(), kept));
    const product = m.wire('product', passed.low(ALIGNED_BITS).mul(size));
    const negative = m.wire('negative', passed.msb.xor(kept.msb));
    const wide = concat(constant(0, SUM_BITS - product.width), product);
    const sum = addWithCarry(partial, wide.xor(negative.repeat(SUM_BITS)), negative);
    return { activation_right: passed, partial_below: m.delay('sum', sum), weight_below: kept };
  },
  behaviour() {
    const pe = new FignaPe();
    return {
      shown: () => ({
        activation_right: pe.activation,
        partial_below: pe.partial & (2 ** SUM_BITS - 1),
        weight_below: pe.weight,
      }),
      clock({ load, ...rest }) {
        pe.clock({ ...rest, load: load === 1 });
      },
    };
  },
  work: (draw) => () => ({
    activation: draw.below(2 ** (ALIGNED_BITS + 1)),
    partial: draw.below(2 ** SUM_BITS),
    weight: draw.below(16),
    load: draw.bit(0.3),
  }),
  events: { load: { when: ({ load }) => load === 1 } },
});
