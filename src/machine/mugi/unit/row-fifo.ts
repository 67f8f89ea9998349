import { mux } from '../../../hardware/bits.ts';
import { vector } from '../../../hardware/port.ts';
import { oneLine, unit } from '../../unit.ts';

/**
 * wFIFO (Mugi Fig. 9): two entries a row, so that the rows of the next mapping arrive, one of eight chunks per
 * cycle, while the exponent search still looks at the present one. Each entry holds a BF16 value or an encoded
 * weight, and whether the row takes part in the mapping.
 */
export class RowFifo {
  readonly data: Uint16Array;
  readonly live: Uint8Array;
  readonly #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
    this.data = new Uint16Array(2 * rows);
    this.live = new Uint8Array(2 * rows);
  }

  /** Writes the lanes' values to the rows of `chunk`. */
  write(parity: number, chunk: number, values: Uint16Array, live: Uint8Array): void {
    const base = parity * this.#rows + chunk * values.length;
    for (let lane = 0; lane < values.length; lane++) {
      this.data[base + lane] = values[lane];
      this.live[base + lane] = live[lane];
    }
  }
}

export const rowFifo = unit({
  name: 'row_fifo',
  doc: 'wFIFO of one row: two entries of a value and a live bit, written and read by mapping parity.',
  inputs: { write: vector(2, 1), data: 16, live: 1, read_parity: 1 },
  hardware: (m, { write, data, live, read_parity }) => {
    const [even, odd] = write.map((enable, parity) => ({
      data: m.delay(`data_${parity}`, data, { enable }),
      live: m.delay(`live_${parity}`, live, { enable }),
    }));
    return { x: mux(read_parity, odd.data, even.data), x_live: mux(read_parity, odd.live, even.live) };
  },
  behaviour() {
    const fifo = new RowFifo(1);
    return {
      shown: ({ read_parity }) => ({ x: fifo.data[read_parity], x_live: fifo.live[read_parity] }),
      clock({ write, data, live }) {
        write.forEach((line, parity) => {
          if (line === 1) fifo.write(parity, 0, Uint16Array.of(data), Uint8Array.of(live));
        });
      },
    };
  },
  work: (draw) => () => ({
    write: oneLine(draw.below(2), 2, draw.flag()),
    data: draw.bf16(),
    live: draw.bit(),
    read_parity: draw.bit(),
  }),
  events: {
    write: {
      when: ({ write }) => write.includes(1),
      counted: ({ weightLoad, preProcess }) => weightLoad + preProcess,
    },
  },
});
