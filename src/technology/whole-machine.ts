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

/** A machine of the technology `gates`: what it is, and what falls to each of its units. */
export interface MeasuredMachine extends MachineRow {
  /** Its kind, as the pattern of the names of machines, and its lanes of activations and of weights. */
  kind: string;
  columns: number;
  rows: number;
  units: readonly MeasuredUnit[];
}

/** All instances of a unit in a machine, without the units inside them. */
export interface MeasuredUnit {
  unit: string;
  area_um2: number;
  leakage_uW: number;
  /** At zero delay, by batch. */
  pJ_per_mac: Readonly<Record<string, number>>;
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
