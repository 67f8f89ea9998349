import { oneOf } from '../../../hardware/choice.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { oneLine, unit } from '../../unit.ts';

/**
 * The row's small FIFO. A spike arrives at a time that depends on the data; slot c takes column c's value whenever that
 * is, and is read at a fixed time: eight cycles after the column saw slot 0. Slot c of the next mapping is written at the
 * earliest at the end of the cycle in which it is read, so one set of eight slots is enough ("output buffer leaning",
 * Mugi §4.2). In hardware slot c stands in the PE of column c, and only the reading is here.
 */
export class DeskewBuffer {
  /** [row × 8 + column] */
  readonly slot: Uint16Array;

  constructor(rows: number) {
    this.slot = new Uint16Array(rows * COLUMNS);
  }

  /**
   * Takes what the row's spikes select. `columns` are the broadcast values, `parities` the mapping parity of each
   * column, `sign` the masks of the sign converter. Returns the number of (row, cycle) pairs in which both trees
   * carry a value: the second set of OR gates at work.
   */
  capture(spikes: Uint8Array, columns: Uint16Array, parities: number, sign: Uint16Array): number {
    const { slot } = this;
    const rows = spikes.length;
    let both = 0;
    for (let row = 0; row < rows; row++) {
      let rest = spikes[row];
      if (rest === 0) continue;
      let trees = 0;
      while (rest !== 0) {
        const column = 31 - Math.clz32(rest);
        rest ^= 1 << column;
        const parity = (parities >>> column) & 1;
        trees |= 1 << parity;
        slot[row * COLUMNS + column] = columns[column] ^ sign[parity * rows + row];
      }
      if (trees === 3) both++;
    }
    return both;
  }
}

export const deskewBuffer = unit({
  name: 'deskew_buffer',
  doc: 'Reads one of the eight slots, each at a fixed time, for rows that wait for a value; else zero.',
  inputs: { slots: vector(COLUMNS, 16), read: vector(COLUMNS, 1), hit: 1 },
  hardware: (m, { slots, read, hit }) => ({
    value: oneOf(
      read.map((line, c) => m.wire(`read_${c}`, line.and(hit))),
      slots,
    ),
  }),
  behaviour: () => ({
    shown: ({ slots, read, hit }) => ({ value: hit === 1 ? (slots[read.indexOf(1)] ?? 0) : 0 }),
  }),
  work: (draw) => () => ({
    slots: draw.list(COLUMNS, () => draw.bf16()),
    read: oneLine(draw.below(COLUMNS), COLUMNS, draw.flag(0.9)),
    hit: draw.bit(0.8),
  }),
  events: { read: { when: ({ read, hit }) => hit === 1 && read.includes(1) } },
});
