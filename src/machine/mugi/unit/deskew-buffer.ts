import { select } from '../../../hardware/choice.ts';
import { module } from '../../../hardware/module.ts';
import { vector } from '../../../hardware/port.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import { ofParity } from './sign-converter.ts';

/**
 * The row's small FIFO behind the OR trees. A spike arrives at a time that depends on the data; slot c takes
 * column c's value whenever that is, and is read at a fixed time: eight cycles after the column saw slot 0.
 * Slot c of the next mapping is written at the earliest at the end of the cycle in which it is read, so one set
 * of eight slots with a write port per tree is enough ("output buffer leaning", Mugi §4.2).
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

export const deskewBufferModule = module(
  {
    name: 'deskew_buffer',
    doc: 'Eight slots, written when the spike passes the column, read at a fixed time.',
    inputs: {
      spikes: vector(COLUMNS, 1),
      parities: vector(COLUMNS, 1),
      even_product: 16,
      odd_product: 16,
      read: 3,
    },
  },
  (m, { spikes, parities, even_product, odd_product, read }) => {
    const slots = spikes.map((spike, c) =>
      m.delay(`slot_${c}`, ofParity(parities[c], even_product, odd_product), { enable: spike }),
    );
    return { value: select(read, slots) };
  },
);
