import { mux } from '../../hardware/bits.ts';
import { add, multiply } from '../part/float.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder, registeredMultiplier } from '../part/registered.ts';
import { unit } from '../unit.ts';

export interface LaneInputs {
  /** BF16 patterns: a·b, plus the lane's own last sum or `addend`. */
  a: number;
  b: number;
  addend: number;
  accumulate: boolean;
}

/**
 * A lane of the vector array of conventional designs (Mugi §5.2.2): operand register, BF16 multiplier, BF16 adder
 * whose register is the MAC's. `addend` and `accumulate` belong to the product that reaches the adder in the same
 * cycle, FLOAT_LATENCY + 1 after its operands. Sums of one element stand FLOAT_LATENCY cycles apart, so that many
 * elements are interleaved.
 */
export class VectorLane {
  #operand = 0;
  readonly #product = new Pipeline(FLOAT_LATENCY);
  readonly #sum = new Pipeline(FLOAT_LATENCY);

  get sum(): number {
    return this.#sum.output;
  }

  /** `b` meets the registered `a` of the cycle before. */
  clock({ a, b, addend, accumulate }: LaneInputs): void {
    this.#sum.clock(add(this.#product.output, accumulate ? this.#sum.output : addend));
    this.#product.clock(multiply(this.#operand, b));
    this.#operand = a;
  }
}

export const vectorLane = unit({
  name: 'vector_lane',
  doc: 'Lane of a vector array: operand register, BF16 multiplier, BF16 adder with accumulation.',
  inputs: { a: 16, b: 16, addend: 16, accumulate: 1 },
  hardware: (m, { a, b, addend, accumulate }) => {
    const operand = m.delay('operand', a);
    const { product } = m.instance('multiply', registeredMultiplier.module, { a: operand, b });
    const last = m.declare('last', 16);
    const { sum } = m.instance('accumulate_sum', registeredAdder.module, {
      a: product,
      b: mux(accumulate, last, addend),
    });
    last.drive(sum);
    return { sum };
  },
  behaviour() {
    const lane = new VectorLane();
    return {
      shown: () => ({ sum: lane.sum }),
      clock({ accumulate, ...rest }) {
        lane.clock({ ...rest, accumulate: accumulate === 1 });
      },
    };
  },
  work: (draw) => () => ({ a: draw.bf16(), b: draw.bf16(), addend: draw.bf16(), accumulate: draw.bit(0.75) }),
  events: { accumulate: { when: ({ accumulate }) => accumulate === 1 } },
});
