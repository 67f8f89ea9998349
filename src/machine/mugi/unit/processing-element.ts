import { DeskewBuffer } from './deskew-buffer.ts';
import { unit } from '../../unit.ts';

/**
 * The T registers of all PEs. A row's spike moves one column to the right per cycle; bit c of `spikes` says that
 * column c of the row is selected in this cycle. Column 0 sees the converter's spike in the same cycle.
 */
export class ProcessingElements {
  readonly spikes: Uint8Array;

  constructor(rows: number) {
    this.spikes = new Uint8Array(rows);
  }

  /** Brings the converters' spikes to column 0. */
  enter(spike: Uint8Array): void {
    const { spikes } = this;
    for (let row = 0; row < spikes.length; row++) spikes[row] |= spike[row];
  }

  /** The clock edge. */
  shift(): void {
    const { spikes } = this;
    for (let row = 0; row < spikes.length; row++) spikes[row] = (spikes[row] << 1) & 0xff;
  }
}

/**
 * PE: a T register, and the slot of its column. The spike is the clock of the slot: it takes the broadcast value in the
 * one cycle in which the temporal code points at it, so no gate selects and no tree joins. The slot is read before the
 * next mapping's spike can reach it (deskew-buffer.ts), so two mappings in flight need no second one.
 */
export const processingElement = unit({
  name: 'processing_element',
  doc: 'PE: T register, and a slot that takes the broadcast value when the spike passes.',
  inputs: { spike: 1, value: 16 },
  hardware: (m, { spike, value }) => ({
    spike_next: m.delay('t', spike, { reset: 0 }),
    slot: m.delay('slot', value, { enable: spike }),
  }),
  behaviour() {
    const elements = new ProcessingElements(1);
    const slots = new DeskewBuffer(1);
    const noSign = new Uint16Array(2);
    let next = 0;
    return {
      shown: () => ({ spike_next: next, slot: slots.slot[0] }),
      clock({ spike, value }) {
        elements.spikes[0] = 0;
        elements.enter(Uint8Array.of(spike));
        slots.capture(elements.spikes, Uint16Array.of(value), 0, noSign);
        elements.shift();
        next = elements.spikes[0] >>> 1;
      },
    };
  },
  work: (draw) => () => ({ spike: draw.bit(), value: draw.bf16() }),
  events: {
    take: {
      when: ({ spike }) => spike === 1,
      counted: ({ array, arraySelect }) => array + arraySelect,
    },
  },
});
