import { mux } from '../../hardware/bits.ts';
import { tree } from '../../hardware/choice.ts';
import { vector } from '../../hardware/port.ts';
import { fifo } from '../../hardware/units/fifo.ts';
import { CODE_CYCLES, COLUMNS } from '../../vlp/array.ts';
import { caratProduct, caratScaling, int4ToFp8 } from './carat-product.ts';
import { joined, orTree } from './or-tree.ts';
import { selectingElement } from './selecting-element.ts';
import { add } from '../part/float.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder } from '../part/registered.ts';
import { unit } from '../unit.ts';

/** Cycles from a product at the end of its queue to the sum that holds it. */
export const CARAT_ROW_LATENCY = 1 + FLOAT_LATENCY;

/** What a row sees in a cycle. Frames of eight cycles; `count` runs from 0 to 7 in each. */
export interface CaratRowInputs {
  count: number;
  /** 0 or 1, alternating from frame to frame. */
  parity: number;
  /** E4M3 pattern, taken at the end of a frame's last cycle for the next one. */
  weight: number;
  /** The column buses: column c carries (8 + t)·a c cycles late, and bit c of `parities` the parity of its frame. */
  columns: Uint16Array;
  parities: number;
  /** The sums begin anew with the products that leave the row in this frame. */
  restart: boolean;
}

/**
 * A row of Carat's array (Carat, ASPLOS 2024; Mugi §5.2.1): the temporal converter of the FP8 mantissa, eight
 * processing elements, two OR trees with a FIFO each because neighbouring frames overlap, the shift by the weight's
 * exponent, and the accumulator with a ring of eight partial sums. Results leave CARAT_ROW_LATENCY cycles after
 * their products, one column a cycle.
 */
export class CaratRow {
  #weight = 0;
  /** Of the frame before, whose products leave now. */
  #leaving = 0;
  #spikes = 0;
  /** Registered between the exponent shift and the adder, with whether a sum begins. */
  #product = 0;
  #restart = false;
  readonly #queues: [number[], number[]] = [[], []];
  readonly #sum = new Pipeline(FLOAT_LATENCY);
  readonly #ring = new Pipeline(COLUMNS - FLOAT_LATENCY);

  get result(): number {
    return this.#sum.output;
  }

  clock({ count, parity, weight, columns, parities, restart }: CaratRowInputs): void {
    const spikes = this.#spikes | ((this.#weight & 7) === count ? 1 : 0);
    const partial = this.#restart ? 0 : this.#ring.output;
    this.#ring.clock(this.#sum.output);
    this.#sum.clock(add(this.#product, partial));
    this.#product = caratProduct(this.#queues[parity === 1 ? 0 : 1][0] ?? 0, this.#leaving);
    this.#restart = restart;
    this.#queues[parity === 1 ? 0 : 1].shift();
    if ((spikes & ~parities & 0xff) !== 0) this.#queues[0].push(joined(spikes, parities, 0, columns));
    if ((spikes & parities) !== 0) this.#queues[1].push(joined(spikes, parities, 1, columns));
    this.#spikes = (spikes << 1) & 0xff;
    if (count === 7) {
      this.#leaving = this.#weight;
      this.#weight = weight;
    }
  }
}

export const caratRow = unit({
  name: 'carat_row',
  doc: 'A row of Carat: temporal converter, eight PEs, two OR trees and FIFOs, exponent shift, accumulator ring.',
  inputs: {
    count: 3,
    parity: 1,
    weight: 8,
    columns: vector(COLUMNS, 16),
    parities: vector(COLUMNS, 1),
    restart: 1,
  },
  hardware: (m, { count, parity, weight, columns, parities, restart }) => {
    const take = m.wire('take', count.all());
    const held = m.delay('held_weight', weight, { enable: take, reset: 0 });
    const leaving = m.delay('leaving_weight', held, { enable: take, reset: 0 });
    let spike = m.wire('spike', held.low(3).eq(count));
    const cells = columns.map((value, c) => {
      const cell = m.instance(`element_${c}`, selectingElement.module, {
        spike,
        parity: parities[c],
        value,
      });
      const here = spike;
      spike = cell.spike_next;
      return { ...cell, pushes: [here.and(parities[c].not()), here.and(parities[c])] as const };
    });
    const queue = (name: 'even' | 'odd', pop: typeof parity) => {
      const { value } = m.instance(`${name}_tree`, orTree.module, {
        values: cells.map((cell) => cell[name]),
      });
      const push = tree(
        cells.map(({ pushes }) => pushes[name === 'even' ? 0 : 1]),
        (a, b) => a.or(b),
      );
      return m.instance(`${name}_queue`, fifo({ width: 16, depth: 8 }), { push, data: value, pop });
    };
    const even = queue('even', parity);
    const odd = queue('odd', parity.not());
    // An empty queue gives zero: nothing has come of the frame before.
    const popped = mux(parity, even.front.gate(even.empty.not()), odd.front.gate(odd.empty.not()));
    const scaled = m.instance('scale', caratScaling.module, { value: popped, weight: leaving });
    const product = m.delay('held_product', scaled.product, { reset: 0 });
    const begins = m.delay('begins', restart, { reset: 0 });
    const partial = m.declare('partial', 16);
    const { sum } = m.instance('accumulator', registeredAdder.module, { a: product, b: partial });
    let ring = sum;
    for (let i = 0; i < COLUMNS - FLOAT_LATENCY; i++) ring = m.delay(`ring_${i}`, ring);
    partial.drive(ring.gate(begins.not()));
    return { result: sum };
  },
  behaviour() {
    const row = new CaratRow();
    return {
      shown: () => ({ result: row.result }),
      clock({ columns, parities, restart, ...rest }) {
        row.clock({
          ...rest,
          columns: Uint16Array.from(columns),
          parities: parities.reduce((all, odd, c) => all | (odd << c), 0),
          restart: restart === 1,
        });
      },
    };
  },
  /** Frame after frame; column c is c cycles late. Weights are INT4 or any pattern. */
  work(draw) {
    let cycle = -1;
    let restart = 0;
    const parity = (late: number): number => Math.floor((cycle - late) / CODE_CYCLES) & 1;
    return () => {
      cycle += 1;
      const count = cycle % CODE_CYCLES;
      if (count === 0) restart = draw.bit(0.2);
      return {
        count,
        parity: parity(0),
        weight: draw.flag() ? int4ToFp8(draw.below(16)) : draw.below(256),
        columns: draw.list(COLUMNS, () => draw.bf16()),
        parities: draw.list(COLUMNS, parity),
        restart,
      };
    };
  },
  events: {
    take: { when: ({ count }) => count === CODE_CYCLES - 1 },
    restart: { when: ({ restart }) => restart === 1 },
  },
});
