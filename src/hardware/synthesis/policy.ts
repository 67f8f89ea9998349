/**
 * What every design is given alike: clock, gates on clocks, wires and the clock tree. There is no placement, so these are
 * estimates by rule; a change here changes every design.
 */

/** The clock that designs are made for. */
export const CLOCK = {
  /** Unless the user says otherwise. */
  MHz: 400,
  /** Share of the period that ABC maps for: it sees no wires and is optimistic. */
  mapped: 0.84,
  /** Slack that buffering aims at, as a share of the period. */
  margin: 0.1,
} as const;

/** ns that mapping aims at for a clock in MHz. */
export const mappedPeriod = (MHz: number): number => (CLOCK.mapped * 1000) / MHz;

/** ns that buffering aims at for a clock in MHz. */
export const bufferedPeriod = (MHz: number): number => ((1 - CLOCK.margin) * 1000) / MHz;

/** Clock gating. */
export const CLOCK_GATING = {
  /** Flip-flops of one enable below which a gate would take more than it saves: they get a multiplexer. */
  smallestGroup: 4,
  /** Flip-flops behind one gate at most; a larger group is split into equal parts. */
  largestGroup: 32,
  /** Flip-flops that the weakest gate drives; each stronger one drives twice as many. */
  flopsOfWeakest: 8,
  /** ns by which the clock reaches a gate before the flip-flops behind it: its enable must be there so much earlier. */
  lead: 0.11,
} as const;

/** Wires. */
export const WIRES = {
  /** fF a fan-out of a signal, unless the user says otherwise. */
  perFanout: 1,
  /** fF per µm, in the middle of public 45 nm extractions (0.08 to 0.12). */
  perMicrometre: 0.1,
  /** Share of the placed area that cells fill. */
  utilisation: 0.7,
} as const;

/** The clock tree between the clock's pin and the pins of flip-flops and clock gates. */
export const CLOCK_TREE = {
  /** Clock pins behind a leaf buffer, and buffers behind a buffer. */
  fanout: 16,
  /** Length of a minimal rectilinear tree over n pins scattered in an area A is about this times √(n·A). */
  steiner: 0.7,
} as const;

/** All of it, as tables that were made by it keep it. */
export const POLICY = { CLOCK, CLOCK_GATING, CLOCK_TREE, WIRES } as const;
