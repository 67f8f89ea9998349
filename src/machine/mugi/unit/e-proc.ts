import { type Bits, mux } from '../../../hardware/bits.ts';
import { vector } from '../../../hardware/port.ts';
import { WINDOW_EXPONENTS } from '../../../vlp/array.ts';
import type { Anchor } from '../../../vlp/window.ts';
import { carriedExponent, exponentOf, SPLIT_SPECIAL, SPLIT_ZERO, splitAndRound } from './m-proc.ts';
import { unit } from '../../unit.ts';

/** The LUT's exponent range as biased BF16 exponents, both ends included; 8 to 12 wide. */
export interface BiasedWindow {
  low: number;
  high: number;
  anchor: Anchor;
}

/** Register stages between the lanes and the running extreme; the same for every height, so that timing is too. */
const TREE_STAGES = 3;
/** CNT when the first chunk's extreme reaches the running register, and when the window is chosen. */
const WINDOW_COUNT = 6;

/**
 * Lowest exponent of the sliding window, given the extreme exponent of the mapping. A second route, which shares nothing
 * with `slide` of `vlp/window.ts` on purpose: the tests hold the node to the arithmetic.
 */
function windowLow(extreme: number, { low, high, anchor }: BiasedWindow): number {
  if (anchor === 'max') return Math.max(Math.min(extreme, high) - (WINDOW_EXPONENTS - 1), low);
  return Math.min(Math.max(extreme, low), high - (WINDOW_EXPONENTS - 1));
}

/**
 * E-proc (Mugi §4.1): the maximum (or minimum) exponent of a mapping, found while its rows arrive: a tree over the
 * H/8 lanes of one chunk and a running register over the eight chunks. Zero, INF, NaN and dead rows do not count.
 */
export class ExponentProcessor {
  readonly #window: BiasedWindow;
  readonly #neutral: number;
  readonly #stages: Uint8Array;
  #running: number;
  /** Lowest biased exponent of the present sliding window. */
  low: number;

  constructor(window: BiasedWindow) {
    this.#window = window;
    this.#neutral = window.anchor === 'max' ? 0 : 255;
    this.#stages = new Uint8Array(TREE_STAGES + 1);
    this.#running = 0;
    this.low = 0;
  }

  /** The clock edge; `choose` says that a mapping's extreme is complete and its window wanted. */
  clock(values: Uint16Array, live: Uint8Array, count: number, choose: boolean): void {
    const max = this.#window.anchor === 'max';
    if (count === WINDOW_COUNT && choose) this.low = windowLow(this.#running, this.#window);
    const arrived = this.#stages[TREE_STAGES];
    if (count === WINDOW_COUNT || (max ? arrived > this.#running : arrived < this.#running)) {
      this.#running = arrived;
    }
    for (let i = TREE_STAGES; i > 0; i--) this.#stages[i] = this.#stages[i - 1];
    let extreme = this.#neutral;
    for (let lane = 0; lane < values.length; lane++) {
      if (live[lane] === 0) continue;
      const split = splitAndRound(values[lane]);
      if ((split & (SPLIT_ZERO | SPLIT_SPECIAL)) !== 0) continue;
      const exponent = exponentOf(split);
      if (max ? exponent > extreme : exponent < extreme) extreme = exponent;
    }
    this.#stages[0] = extreme;
  }
}

export const exponentProcessor = (lanes: number) =>
  unit({
    name: `e_proc_${lanes}`,
    doc: 'E-proc: extreme exponent of a mapping over lanes and chunks, and the sliding window that follows it.',
    inputs: {
      x: vector(lanes, 16),
      live: vector(lanes, 1),
      search: 1,
      count: 3,
      choose: 1,
      low: 8,
      high: 8,
      follow_min: 1,
    },
    hardware: (m, { x, live, search, count, choose, low, high, follow_min }) => {
      const better = (a: Bits, b: Bits) => mux(a.lt(b).xor(follow_min), b, a);
      let values = x.map((value, i) => {
        const counts = live[i].and(value.slice(14, 7).any());
        const special = value.slice(14, 7).all();
        const key = mux(counts.and(special.not()), carriedExponent(value), follow_min.repeat(8));
        return m.delay(`exponent_${i}`, key, { enable: search });
      });
      for (let stage = 0; stage < TREE_STAGES; stage++) {
        for (let level = 0; level < 2; level++) {
          values = Array.from({ length: Math.ceil(values.length / 2) }, (_, i) =>
            2 * i + 1 < values.length ? better(values[2 * i], values[2 * i + 1]) : values[2 * i],
          );
        }
        values = values.map((value, i) => m.delay(`extreme_${stage}_${i}`, value, { enable: search }));
      }
      const last = m.wire('last', count.eq(WINDOW_COUNT));
      const running = m.register('running', 8, { enable: search });
      running.next(mux(last, values[0], better(running, values[0])));
      const capped = mux(running.gt(high), high, running);
      const highest = mux(capped.lt(low.add(7)), low, capped.sub(7));
      const raised = mux(running.lt(low), low, running);
      const lowest = mux(raised.gt(high.sub(7)), high.sub(7), raised);
      const window = m.register('window', 8, { enable: last.and(choose) });
      window.next(mux(follow_min, lowest, highest));
      return { window_low: window, offset: window.sub(low).low(3) };
    },
    behaviour() {
      let processor: ExponentProcessor | undefined;
      return {
        shown({ low }): Record<string, number> {
          // Until a mapping has passed, the tree holds what no mapping gave.
          const window = processor?.low ?? 0;
          return window === 0 ? {} : { window_low: window, offset: (window - low) & 7 };
        },
        clock({ x, live, search, count, choose, low, high, follow_min }) {
          processor ??= new ExponentProcessor({ low, high, anchor: follow_min === 1 ? 'min' : 'max' });
          if (search === 1) processor.clock(Uint16Array.from(x), Uint8Array.from(live), count, choose === 1);
        },
      };
    },
    work(draw) {
      const follow_min = draw.below(2 ** 16) & 1;
      let cycle = 0;
      return () => ({
        x: draw.list(lanes, () => draw.bf16()),
        live: draw.list(lanes, () => draw.bit()),
        search: 1,
        count: cycle++ & 7,
        choose: cycle > 24 ? draw.bit(0.75) : 0,
        low: 121,
        high: 131,
        follow_min,
      });
    },
    events: {
      highest: { when: ({ follow_min }) => follow_min === 0 },
      lowest: { when: ({ follow_min }) => follow_min === 1 },
    },
  });

/** Clamp of a row's exponent to the sliding window: where it lies, and its place inside. */
export const exponentClamp = unit({
  name: 'exponent_clamp',
  doc: 'Place of an exponent in the sliding window, or on which side of it the exponent lies.',
  inputs: { exponent: 8, window_low: 8 },
  hardware: (m, { exponent, window_low }) => {
    const distance = m.wire('distance', exponent.sub(window_low));
    const under = exponent.lt(window_low);
    return { place: distance.low(3), under, over: under.not().and(distance.high(5).any()) };
  },
  behaviour: () => ({
    shown({ exponent, window_low }) {
      const distance = exponent - window_low;
      return {
        place: distance & (WINDOW_EXPONENTS - 1),
        under: distance < 0 ? 1 : 0,
        over: distance >= WINDOW_EXPONENTS ? 1 : 0,
      };
    },
  }),
  work: (draw) => () => ({ exponent: draw.below(256), window_low: 1 + draw.below(247) }),
  events: {},
});
