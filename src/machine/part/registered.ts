import { bf16Adder } from '../../hardware/units/bf16-adder.ts';
import { bf16Multiplier } from '../../hardware/units/bf16-multiplier.ts';
import { unit } from '../unit.ts';
import { add, multiply } from './float.ts';

/**
 * Stages inside adder and multiplier: one, so that both reach 400 MHz in the generated library with time to spare for
 * a multiplexer in front. With the register behind each, a result appears `FLOAT_LATENCY` cycles after its operands.
 */
const FLOAT_STAGES = 1;
export const FLOAT_LATENCY = FLOAT_STAGES + 1;

const OPTIONS = { subnormals: 'flush', stages: FLOAT_STAGES } as const;

/** BF16 adder with an output register, as the published cost table prices it (an accumulator's adder). */
export const registeredAdder = unit({
  name: 'registered_adder',
  doc: `BF16 sum, subnormals as zero, in a register; latency ${FLOAT_LATENCY}.`,
  inputs: { a: 16, b: 16 },
  hardware: (m, { a, b }) => ({ sum: m.delay('sum', m.instance('adder', bf16Adder(OPTIONS), { a, b }).sum) }),
  behaviour() {
    const sum = new Pipeline(FLOAT_LATENCY);
    return {
      shown: () => ({ sum: sum.output }),
      clock({ a, b }) {
        sum.clock(add(a, b));
      },
    };
  },
  work: (draw) => () => draw.summands(),
  events: {},
});

/** BF16 multiplier with an output register. */
export const registeredMultiplier = unit({
  name: 'registered_multiplier',
  doc: `BF16 product, subnormals as zero, in a register; latency ${FLOAT_LATENCY}.`,
  inputs: { a: 16, b: 16 },
  hardware: (m, { a, b }) => ({
    product: m.delay('product', m.instance('multiplier', bf16Multiplier(OPTIONS), { a, b }).product),
  }),
  behaviour() {
    const product = new Pipeline(FLOAT_LATENCY);
    return {
      shown: () => ({ product: product.output }),
      clock({ a, b }) {
        product.clock(multiply(a, b));
      },
    };
  },
  work: (draw) => () => ({ a: draw.bf16(), b: draw.bf16() }),
  events: {},
});

/** Behaviour of a pipeline of `latency` registers, all zero at first: returns what entered that long ago. */
export class Pipeline {
  readonly #values: number[];

  constructor(latency: number) {
    this.#values = Array.from({ length: latency }, () => 0);
  }

  /** What leaves in this cycle, before the clock edge. */
  get output(): number {
    return this.#values[this.#values.length - 1];
  }

  /** The clock edge. */
  clock(value: number): void {
    this.#values.pop();
    this.#values.unshift(value);
  }
}
