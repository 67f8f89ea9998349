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
 * PE: a T register and two AND gates. Neighbouring mappings overlap in a row when the later one spikes earlier,
 * so each OR tree gets the value of the columns that work on its parity (Mugi §4.2, "two sets of OR gates").
 */
export const processingElementModule = module(
  {
    name: 'processing_element',
    doc: 'PE: T register, and the broadcast value gated onto the OR tree of its mapping.',
    inputs: { spike: 1, parity: 1, value: 16 },
  },
  (m, { spike, parity, value }) => ({
    spike_next: m.delay('t', spike, { reset: 0 }),
    even: value.gate(spike.and(parity.not())),
    odd: value.gate(spike.and(parity)),
  }),
);
