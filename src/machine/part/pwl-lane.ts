import { type Bits, concat, mux } from '../../hardware/bits.ts';
import { tree } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { add, multiply } from './float.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder, registeredMultiplier } from './registered.ts';
import { unit } from '../unit.ts';

/** Segments of the published hardware (Mugi §5.2.2). */
export const SEGMENTS = 22;
/** Cycles from x to its result: the selected coefficients are registered. */
export const PWL_LATENCY = 1 + 2 * FLOAT_LATENCY;

/** BF16 patterns: y = slope · x + offset. */
export interface Segment {
  slope: number;
  offset: number;
}

/** Keys that order BF16 patterns as numbers; NaN sorts with its pattern, which the lane does not look at. */
export const patternKey = (bits: number): number => (bits & 0x8000 ? ~bits & 0xffff : bits | 0x8000);

/**
 * A lane of the piecewise linear vector array: SEGMENTS − 1 comparators place x among rising knots, an encoder picks
 * that segment's slope and offset, and multiplier and adder evaluate it. Knots are held as keys.
 */
export class PwlLane {
  readonly #knots: readonly number[];
  readonly #segments: readonly Segment[];
  #x = 0;
  #segment: Segment = { slope: 0, offset: 0 };
  readonly #product = new Pipeline(FLOAT_LATENCY);
  readonly #offset = new Pipeline(FLOAT_LATENCY);
  readonly #sum = new Pipeline(FLOAT_LATENCY);

  /** `knots`: the first x of segment 1, 2, …, as BF16 patterns in rising order. */
  constructor(knots: readonly number[], segments: readonly Segment[]) {
    this.#knots = knots.map(patternKey);
    this.#segments = segments;
  }

  get y(): number {
    return this.#sum.output;
  }

  clock(x: number): void {
    this.#sum.clock(add(this.#product.output, this.#offset.output));
    this.#product.clock(multiply(this.#x, this.#segment.slope));
    this.#offset.clock(this.#segment.offset);
    this.#x = x;
    this.#segment = this.#segments[this.#knots.filter((knot) => patternKey(x) >= knot).length];
  }
}

export const pwlComparator = unit({
  name: 'pwl_comparator',
  doc: 'Whether a value has reached a knot; both as ordered keys.',
  inputs: { key: 16, knot: 16 },
  hardware: (_m, { key, knot }) => ({ reached: key.ge(knot) }),
  behaviour: () => ({ shown: ({ key, knot }) => ({ reached: key >= knot ? 1 : 0 }) }),
  work: (draw) => () => {
    const key = patternKey(draw.bf16());
    return { key, knot: draw.flag() ? patternKey(draw.bf16()) : Math.min(0xffff, key + draw.below(2)) };
  },
  events: { equal: { when: ({ key, knot }) => key === knot } },
});

export const pwlEncoder = unit({
  name: 'pwl_encoder',
  doc: `Slope and offset of the last segment whose knot is reached, of ${SEGMENTS}.`,
  inputs: { reached: vector(SEGMENTS - 1, 1), coefficients: vector(SEGMENTS, 32) },
  hardware: (_m, { reached, coefficients }) => {
    const chosen = coefficients.map((pair, i) => {
      const begun = i === 0 ? undefined : reached[i - 1];
      const ended = i === SEGMENTS - 1 ? undefined : reached[i].not();
      const here = begun === undefined ? ended! : ended === undefined ? begun : begun.and(ended);
      return pair.gate(here);
    });
    return { pair: tree(chosen, (a, b) => a.or(b)) };
  },
  behaviour: () => ({
    shown: ({ reached, coefficients }) => ({ pair: coefficients[reached.filter((one) => one === 1).length] }),
  }),
  /** Knots rise, so that those reached are the first ones. */
  work: (draw) => () => {
    const segment = draw.below(SEGMENTS);
    return {
      reached: draw.list(SEGMENTS - 1, (i) => (i < segment ? 1 : 0)),
      coefficients: draw.list(SEGMENTS, () => draw.below(2 ** 32)),
    };
  },
  events: {},
});

/** Coefficients move in as a chain while `load` is high, the last segment first: {knot key, slope, offset}. */
export const pwlLaneModule = module(
  {
    name: 'pwl_lane',
    doc: `Piecewise linear lane of ${SEGMENTS} segments; latency ${PWL_LATENCY}.`,
    inputs: { x: 16, load: 1, entry: 48 },
  },
  (m, { x, load, entry }) => {
    const key = m.wire('key', mux(x.msb, x.not(), concat(x.msb.not(), x.low(15))));
    const knots: Bits[] = [];
    const coefficients: Bits[] = [];
    let moving: Bits = entry;
    for (let i = 0; i < SEGMENTS; i++) {
      moving = m.delay(`segment_${i}`, moving, { enable: load });
      knots.push(moving.high(16));
      coefficients.push(moving.low(32));
    }
    const reached = knots
      .slice(1)
      .map((knot, i) => m.instance(`comparator_${i}`, pwlComparator.module, { key, knot }).reached);
    const { pair } = m.instance('encoder', pwlEncoder.module, { reached, coefficients });
    const held = m.delay('selected', pair);
    const { product } = m.instance('multiply', registeredMultiplier.module, {
      a: m.delay('held_x', x),
      b: held.high(16),
    });
    let offset = held.low(16);
    for (let i = 0; i < FLOAT_LATENCY; i++) offset = m.delay(`offset_${i}`, offset);
    return { y: m.instance('add', registeredAdder.module, { a: product, b: offset }).sum };
  },
);
