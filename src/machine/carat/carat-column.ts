import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import { firstOf } from '../../hardware/choice.ts';
import { add, flush } from '../part/float.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder } from '../part/registered.ts';
import { CODE_CYCLES } from '../../vlp/array.ts';
import { unit } from '../unit.ts';

/** Cycles from an activation that is taken to the first value of its column. */
export const COLUMN_LATENCY = 1 + FLOAT_LATENCY;

/** x · 2^places by an adder on the exponent field; beyond the largest exponent infinity. */
function raise(x: number, places: number): number {
  const exponent = (x >>> 7) & 0xff;
  if (exponent === 0 || exponent === 255) return flush(x);
  const field = exponent + places;
  if (field <= 0) return x & 0x8000;
  return field >= 255 ? (x & 0x8000) | 0x7f80 : (x & 0x807f) | (field << 7);
}

/** The hardware of `raise` for a constant of 1 to 7 places. */
function raised(x: Bits, places: number): Bits {
  const exponent = x.slice(14, 7);
  const field = exponent.extend(9).add(places);
  const fields = firstOf(
    [
      [exponent.isZero(), constant(0, 15)],
      [exponent.all(), x.low(15)],
      [field.ge(255), constant(0x7f80, 15)],
    ],
    concat(field.low(8), x.low(7)),
  );
  return concat(x.msb, fields);
}

/**
 * Value reuse of a Carat column (Carat, ASPLOS 2024; BF16 accumulators as Mugi §5.2.1 compares it): makes
 * (8 + t)·a for t = 0…7, one a cycle, by repeated BF16 addition; an FP8 mantissa with its hidden one is 8 + t.
 * Two chains of steps 2a, even and odd t, share the adder, because a sum takes FLOAT_LATENCY = 2 cycles.
 */
export class CaratColumn {
  #held = 0;
  #phase = 0;
  readonly #sum = new Pipeline(FLOAT_LATENCY);

  get value(): number {
    return this.#sum.output;
  }

  /** The clock edge. With `start` the first value is on the output COLUMN_LATENCY cycles later. */
  clock(start: boolean, activation: number): void {
    const first = this.#phase < FLOAT_LATENCY;
    const base = first ? raise(this.#held, 3) : this.#sum.output;
    const step = first ? (this.#phase === 0 ? 0 : flush(this.#held)) : raise(this.#held, 1);
    this.#sum.clock(add(base, step));
    this.#phase = start ? 0 : (this.#phase + 1) & 7;
    if (start) this.#held = activation;
  }
}

export const caratColumn = unit({
  name: 'carat_column',
  doc: 'Value reuse: (8 + t) times a BF16 value for t = 0 to 7 by repeated BF16 addition, one value a cycle.',
  inputs: { start: 1, activation: 16 },
  hardware: (m, { start, activation }) => {
    const held = m.delay('held', activation, { enable: start });
    const phase = m.register('phase', 3);
    phase.next(mux(start, 0, phase.add(1)));
    const first = m.wire('first', phase.high(2).isZero());
    const sum = m.declare('fed_back', 16);
    const base = mux(first, raised(held, 3), sum);
    const once = held.gate(phase.bit(0));
    const added = m.instance('accumulator', registeredAdder.module, {
      a: base,
      b: mux(first, once, raised(held, 1)),
    });
    sum.drive(added.sum);
    return { value: sum };
  },
  behaviour() {
    const column = new CaratColumn();
    return {
      shown: () => ({ value: column.value }),
      clock({ start, activation }) {
        column.clock(start === 1, activation);
      },
    };
  },
  /** An activation a frame. */
  work(draw) {
    let cycle = 0;
    return () => ({ start: cycle++ % CODE_CYCLES === 0 ? 1 : 0, activation: draw.bf16() });
  },
  events: { start: { when: ({ start }) => start === 1 } },
});
