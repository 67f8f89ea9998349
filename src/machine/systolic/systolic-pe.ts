import { add, multiply } from '../part/float.ts';
import { int4ToBf16 } from '../part/int4-to-bf16.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder, registeredMultiplier } from '../part/registered.ts';
import { unit } from '../unit.ts';

/** What enters a processing element in a cycle: from the left, from above, and the weight that it may keep. */
export interface SystolicInputs {
  /** BF16 patterns. */
  activation: number;
  partial: number;
  weight: number;
  /** Takes `weight` at the clock edge. */
  load: boolean;
}

/**
 * Processing element of a weight-stationary systolic array (Mugi Table 2, SA): keeps a BF16 weight (converted from
 * INT4 at the array's edge), passes activations on to the right and adds its product to the partial sum from above.
 * The activation is registered, so a product meets the partial sum 1 + FLOAT_LATENCY cycles after it entered.
 */
export class SystolicPe {
  /** To the right neighbour. */
  activation = 0;
  /** To the neighbour below, which takes it while weights move. */
  weight = 0;
  readonly #product = new Pipeline(FLOAT_LATENCY);
  readonly #sum = new Pipeline(FLOAT_LATENCY);

  /** To the neighbour below. */
  get partial(): number {
    return this.#sum.output;
  }

  clock({ activation, partial, weight, load }: SystolicInputs): void {
    this.#sum.clock(add(partial, this.#product.output));
    this.#product.clock(multiply(this.activation, this.weight));
    this.activation = activation;
    if (load) this.weight = weight;
  }
}

export const systolicPe = unit({
  name: 'systolic_pe',
  doc: 'Weight-stationary cell: product of the kept weight and the passing activation, added to the partial sum.',
  inputs: { activation: 16, partial: 16, weight: 16, load: 1 },
  hardware: (m, { activation, partial, weight, load }) => {
    const kept = m.delay('kept_weight', weight, { enable: load, reset: 0 });
    const passed = m.delay('passed', activation, { reset: 0 });
    const { product } = m.instance('multiply', registeredMultiplier.module, { a: passed, b: kept });
    const { sum } = m.instance('accumulate', registeredAdder.module, { a: partial, b: product });
    return { activation_right: passed, partial_below: sum, weight_below: kept };
  },
  behaviour() {
    const pe = new SystolicPe();
    return {
      shown: () => ({ activation_right: pe.activation, partial_below: pe.partial, weight_below: pe.weight }),
      clock({ load, ...rest }) {
        pe.clock({ ...rest, load: load === 1 });
      },
    };
  },
  work: (draw) => () => ({
    activation: draw.bf16(),
    partial: draw.bf16(),
    weight: int4ToBf16(draw.below(16)),
    load: draw.bit(0.3),
  }),
  events: { load: { when: ({ load }) => load === 1 } },
});
