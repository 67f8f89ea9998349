import { concat, constant } from '../../../hardware/bits.ts';
import { firstOf } from '../../../hardware/choice.ts';
import { fromBits, toBits } from '../proof/arithmetic.ts';
import { CODE_CYCLES, COLUMNS } from '../../../vlp/array.ts';
import { unit } from '../../unit.ts';

/**
 * iAcc (Mugi §4.2): makes t·a for t = 0…7, one per cycle, without a multiplier. The significand is accumulated
 * exactly (eleven bits hold 7 × 255) and rounded once to nearest even, so no rounding error builds up in t.
 */
export class InputAccumulators {
  readonly #operand = new Float64Array(COLUMNS);
  #step = 0;

  /** The products of this cycle's step, before the clock edge. */
  values(into: Uint16Array): void {
    for (let column = 0; column < COLUMNS; column++) {
      into[column] = toBits(this.#step * this.#operand[column]);
    }
  }

  /** The clock edge: takes new activations, or adds one more step. */
  clock(start: boolean, activations: Uint16Array): void {
    if (!start) {
      this.#step = (this.#step + 1) & 7;
      return;
    }
    this.#step = 0;
    for (let column = 0; column < COLUMNS; column++) this.#operand[column] = fromBits(activations[column]);
  }
}

/** `start` takes a new activation; `run` says that products are wanted: the sum stands still otherwise. */
export const inputAccumulator = unit({
  name: 'input_accumulator',
  doc: 'iAcc of one column: t times a BF16 value for t = 0 to 7, exact sum of significands, one rounding.',
  inputs: { start: 1, run: 1, activation: 16 },
  hardware: (m, { start, run, activation }) => {
    const operand = m.delay('operand', activation, { enable: start });
    const exponent = operand.slice(14, 7);
    const subnormal = m.wire('subnormal', exponent.isZero());
    const significand = concat(subnormal.not(), operand.low(7));
    const sum = m.register('sum', 11, { enable: start.or(run) });
    sum.next(sum.add(significand.extend(11)).gate(start.not()));

    // Shift by 0 to 3 so that eight bits remain; the shifted-out bits decide the rounding.
    const shift = m.wire(
      'shift',
      firstOf(
        [
          [sum.bit(10), constant(3, 2)],
          [sum.bit(9), constant(2, 2)],
          [sum.bit(8), constant(1, 2)],
        ],
        constant(0, 2),
      ),
    );
    const wide = concat(sum, constant(0, 3)).shiftRight(shift);
    const kept = wide.slice(10, 3);
    const up = wide.bit(2).and(wide.low(2).any().or(wide.bit(3)));
    const biased = subnormal.choose(1, exponent).extend(9).add(shift.extend(9)).sub(1);
    // The hidden bit adds one to the exponent field, and so does a carry out of the rounding.
    const packed = m.wire(
      'joined_fields',
      concat(biased, constant(0, 7)).add(kept.extend(16)).add(up.extend(16)),
    );
    const infinite = packed.high(9).ge(255);
    const special = m.wire('special', exponent.all());
    // The significand of a special value is not zero, so its sum is only in step 0.
    const invalid = operand.low(7).any().or(sum.isZero());
    const magnitude = firstOf(
      [
        [special.and(invalid), constant(0x7fc0, 15)],
        [special.or(infinite), constant(0x7f80, 15)],
        [sum.isZero(), constant(0, 15)],
      ],
      packed.low(15),
    );
    const sign = operand.bit(15).and(special.and(invalid).not());
    return { value: concat(sign, magnitude) };
  },
  behaviour() {
    const accumulators = new InputAccumulators();
    const made = new Uint16Array(COLUMNS);
    return {
      shown() {
        accumulators.values(made);
        return { value: made[0] };
      },
      clock({ start, run, activation }) {
        if (start === 1 || run === 1) accumulators.clock(start === 1, made.fill(activation));
      },
    };
  },
  /** Seven steps at most behind a start. */
  work(draw) {
    let steps = 0;
    return () => {
      const start = steps === CODE_CYCLES - 1 || draw.flag(0.05) ? 1 : 0;
      const run = draw.bit(0.8);
      steps = start === 1 ? 0 : steps + run;
      return { start, run, activation: draw.bf16() };
    };
  },
  events: {
    start: { when: ({ start }) => start === 1, counted: ({ inputLoad }) => COLUMNS * inputLoad },
    step: { when: ({ start, run }) => start === 0 && run === 1 },
  },
});
