import { module } from '../../../hardware/module.ts';

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
export const processingElementModule = module(
  {
    name: 'processing_element',
    doc: 'PE: T register, and a slot that takes the broadcast value when the spike passes.',
    inputs: { spike: 1, value: 16 },
  },
  (m, { spike, value }) => ({
    spike_next: m.delay('t', spike, { reset: 0 }),
    slot: m.delay('slot', value, { enable: spike }),
  }),
);
