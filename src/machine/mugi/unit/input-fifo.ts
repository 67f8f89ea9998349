import { mux } from '../../../hardware/bits.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { oneLine, unit } from '../../unit.ts';

/**
 * iFIFO (Mugi Fig. 9): staggers column c by c cycles, so that a spike meets in every column the value that
 * belongs to its slot. The mapping parity travels with the values.
 */
export class InputFifo {
  /** The values on the column buses in this cycle. */
  readonly bus = new Uint16Array(COLUMNS);
  /** Bit c: the mapping parity of what column c carries. */
  parities = 0;
  /** [column × 8 + age]: what entered `age` cycles ago. */
  readonly #line = new Uint16Array(COLUMNS * COLUMNS);

  /** The clock edge: `values` become column 0's bus now and column c's bus c cycles later. */
  clock(values: Uint16Array, parity: number): void {
    const line = this.#line;
    for (let column = 0; column < COLUMNS; column++) {
      const base = column * COLUMNS;
      for (let age = column; age > 0; age--) line[base + age] = line[base + age - 1];
      line[base] = values[column];
      this.bus[column] = line[base + column];
    }
    this.parities = ((this.parities << 1) | parity) & 0xff;
  }
}

/**
 * The iAcc of column c begins c cycles late by itself (`products`), so only LUT rows wait here, in registers that are
 * clocked where one passes. Line c of `lookup` and of `work` is for column c: a LUT row enters its bus, anything does.
 */
export const inputFifo = unit({
  name: 'input_fifo',
  doc: 'iFIFO: delays the entry of a LUT row for column c by c cycles, and registers all column values.',
  inputs: {
    entries: vector(COLUMNS, 16),
    products: vector(COLUMNS, 16),
    lookup: vector(COLUMNS, 1),
    work: vector(COLUMNS, 1),
  },
  hardware: (m, { entries, products, lookup, work }) => ({
    bus: entries.map((entry, c) => {
      let last = entry;
      for (let age = 0; age < c; age++) {
        last = m.delay(`column_${c}_${age}`, last, { enable: lookup[age] });
      }
      return m.delay(`bus_${c}`, mux(lookup[c], last, products[c]), { enable: work[c] });
    }),
  }),
  behaviour() {
    const fifo = new InputFifo();
    const bus = new Uint16Array(COLUMNS);
    return {
      shown: () => ({ bus: [...bus] }),
      clock({ entries, products, lookup, work }) {
        fifo.clock(Uint16Array.from(entries), 0);
        for (let c = 0; c < COLUMNS; c++)
          if (work[c] === 1) bus[c] = lookup[c] === 1 ? fifo.bus[c] : products[c];
      },
    };
  },
  /** Modes change at frames, and reach column c c cycles later. */
  work(draw) {
    const lookups: number[] = oneLine(0, COLUMNS, false);
    let cycle = 0;
    return () => {
      lookups.unshift(cycle++ % COLUMNS === 0 ? draw.bit() : lookups[0]);
      lookups.length = COLUMNS;
      return {
        entries: draw.list(COLUMNS, () => draw.bf16()),
        products: draw.list(COLUMNS, () => draw.bf16()),
        lookup: [...lookups],
        work: draw.list(COLUMNS, (c) => (lookups[c] === 1 ? 1 : draw.bit(0.9))),
      };
    };
  },
  events: {
    row: {
      when: ({ lookup, work }) => lookup[0] === 1 && work[0] === 1,
      counted: ({ lutRowLoad }) => lutRowLoad,
    },
    products: {
      when: ({ lookup, work }) => lookup[0] === 0 && work[0] === 1,
      counted: ({ inputValueReuse }) => inputValueReuse,
    },
  },
});
