/** Inner indices of the product that energies of a multiply-accumulate are stated for: its sums drain once. */
export const STATED = 256;

/** The batch that every machine is measured at, and that fills the lanes of all. */
export const WHOLE_BATCH = 8;

/** The one that says what an array takes whose lanes are hardly used; with the other it makes prices, and a third checks them. */
export const SPARSE_BATCH = 1;

/** A whole machine on gates, without memories. */
export interface MachineRow {
  machine: string;
  /** Multiply-accumulates a cycle. */
  macs: number;
  cells: number;
  flops: number;
  area_mm2: number;
  leakage_mW: number;
  frequency_MHz: number;
  /** Products that its energy at zero delay is the mean of. */
  stimuli: number;
  /** pJ a multiply-accumulate, by batch: its parts at zero delay, their total, timed, and with the estimates. */
  per_mac: readonly MachineEnergyRow[];
}

export interface MachineEnergyRow {
  batch: number;
  data: number;
  wires: number;
  data_pins: number;
  clock: number;
  clock_gates: number;
  total: number;
  clock_tree: number;
  tile_wires: number;
  timed_total: number;
  glitches: number;
  estimated_total: number;
}
