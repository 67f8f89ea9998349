import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import { tree } from '../../hardware/choice.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import {
  align,
  ALIGNED_BITS,
  alignmentDistance,
  distanceTo,
  exponentOf,
  prealigner,
} from '../figna/figna-align.ts';
import { inputAccumulator } from '../mugi/unit/input-accumulator.ts';
import { flushed, floatMultiples } from './float-products.ts';
import { integerMultiples, PRODUCT_BITS } from './integer-products.ts';
import { type ReuseShape, TOKENS } from './shape.ts';
import { unit } from '../unit.ts';

/** An activation shifted to the exponent that its token shares in the group, in a register. */
export const aligner = unit({
  name: 'aligner',
  doc: 'BF16 activation aligned to a shared exponent that comes with it, sign and magnitude, in a register.',
  inputs: { x: 16, shared: 8, take: 1 },
  hardware: (m, { x, shared, take }) => {
    const distance = distanceTo(m, shared, x.slice(14, 7));
    const { aligned } = m.instance('prealigner', prealigner.module, { x, distance });
    return { aligned: m.delay('aligned', aligned, { enable: take }) };
  },
  behaviour() {
    let aligned: number | undefined;
    return {
      shown: (): Record<string, number> => (aligned === undefined ? {} : { aligned }),
      clock({ x, shared, take }) {
        if (take === 1) aligned = align(x, alignmentDistance(shared, exponentOf(x)));
      },
    };
  },
  /** The shared exponent is that of x or a larger one. */
  work: (draw) => () => {
    const x = draw.bf16();
    return { x, shared: Math.min(255, exponentOf(x) + draw.below(20)), take: draw.bit(0.8) };
  },
  events: { take: { when: ({ take }) => take === 1 } },
});

/**
 * Column c of eight that change over together: τ − c times its value in cycle τ of a frame. It begins with a multiple that one
 * adder makes, and goes on by addition.
 */
export const multiplesInTime = (column: number) =>
  unit({
    name: `multiples_in_time_${column}`,
    doc: `Multiples of an aligned significand, one a cycle; zero times in cycle ${column} of a frame.`,
    inputs: { aligned: ALIGNED_BITS + 1, start: 1, run: 1, zero: 1 },
    hardware: (m, { aligned, start, run, zero }) => {
      const size = aligned.low(ALIGNED_BITS).extend(PRODUCT_BITS);
      const by = (places: number): Bits =>
        places === 0 ? size : concat(size.low(PRODUCT_BITS - places), constant(0, places));
      const first = [
        constant(0, PRODUCT_BITS),
        by(3).sub(size),
        by(2).add(by(1)),
        by(2).add(size),
        by(2),
        by(1).add(size),
        by(1),
        size,
      ][column];
      const value = m.register('value', PRODUCT_BITS, { enable: run });
      value.next(mux(start, first, value.add(size).gate(zero.not())));
      return { bus: concat(m.delay('sign', aligned.msb, { enable: start }), value) };
    },
    behaviour() {
      let [sign, size, step] = [0, 0, 0];
      return {
        shown: () => ({ bus: (sign << PRODUCT_BITS) | (((step - column) & (TOKENS - 1)) * size) }),
        clock({ aligned, start, run }) {
          if (start === 1)
            [sign, size, step] = [aligned >>> ALIGNED_BITS, aligned & (2 ** ALIGNED_BITS - 1), 0];
          else if (run === 1) step += 1;
        },
      };
    },
    /** Frame after frame, some of them idle; what is aligned stays for a frame. */
    work(draw) {
      let cycle = -1;
      let [aligned, run] = [0, 0];
      return () => {
        const at = ++cycle % TOKENS;
        if (at === 0) [aligned, run] = [draw.below(2 ** (ALIGNED_BITS + 1)), draw.bit(0.8)];
        return { aligned, run, start: at === 0 ? run : 0, zero: at === column ? 1 : 0 };
      };
    },
    events: { start: { when: ({ start }) => start === 1 } },
  });

/** Signals of the array's left edge, registered: what enters, and a cycle's `valid` at every cycle after the pins. */
interface Edge {
  activation: readonly Bits[];
  /** That the tokens of the activations share; integers alone. */
  exponent: readonly Bits[];
  valid: readonly Bits[];
}

/** What columns or lanes send to all rows. */
export function reuseBuses(m: ModuleBuilder, shape: ReuseShape, edge: Edge): Bits[] {
  const { pick, sums } = shape;
  const { activation, exponent, valid } = edge;
  if (sums === 'bf16') {
    const values = activation.map((x, i) => m.wire(`flushed_${i}`, flushed(x)));
    if (pick === 'time') return floatsInTime(m, values, valid);
    if (pick === 'multiplier') return values;
    return values.map((value, i) =>
      m.delay(`multiples_${i}`, m.instance(`odd_${i}`, floatMultiples.module, { value }).bus, {
        enable: valid[1],
      }),
    );
  }
  const aligned = activation.map(
    (x, i) =>
      m.instance(`align_${i}`, aligner.module, { x, shared: exponent[i % exponent.length], take: valid[1] })
        .aligned,
  );
  if (pick === 'multiplier') return aligned;
  if (pick === 'space')
    return aligned.map((a, i) => m.delay(`multiples_${i}`, integerMultiples(a), { enable: valid[2] }));
  const run = m.wire('running', anyOf(valid.slice(2, 2 + TOKENS)));
  return aligned.map(
    (a, c) =>
      m.instance(`column_${c}`, multiplesInTime(c).module, {
        aligned: a,
        start: valid[2],
        run,
        // The next cycle is c: the one before it, of the frame that began at valid[3].
        zero: valid[3 + ((c + TOKENS - 1) % TOKENS)],
      }).bus,
  );
}

/** The columns of Mugi's node, each a cycle later than the one before; their values in a register. */
function floatsInTime(m: ModuleBuilder, values: readonly Bits[], valid: readonly Bits[]): Bits[] {
  const anyStep = anyOf(valid.slice(2, 2 + TOKENS));
  let running = m.wire('running', anyStep);
  return values.map((activation, c) => {
    const { value } = m.instance(`column_${c}`, inputAccumulator.module, {
      start: valid[1 + c],
      run: running,
      activation,
    });
    const bus = m.delay(`value_${c}`, value, { enable: running });
    running = m.delay(`running_${c}`, running);
    return bus;
  });
}

export const anyOf = (lines: readonly Bits[]): Bits => tree(lines, (a, b) => a.or(b));
