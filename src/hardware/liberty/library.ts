/** A non-linear delay model table: values over input slew and load, with linear interpolation between. */
export interface Table {
  /** Input slew, ns. */
  readonly slews: readonly number[];
  /** Output load, fF. */
  readonly loads: readonly number[];
  /** [slew][load] */
  readonly values: readonly (readonly number[])[];
}

export interface Arc {
  readonly from: string;
  readonly to: string;
  /** Whether a rising input makes the output fall: decides which edges drive which. */
  readonly sense: 'positive' | 'negative' | 'both';
  /** Delays and output slews in ns; undefined where the arc has no such edge. */
  readonly rise: Table | undefined;
  readonly fall: Table | undefined;
  readonly riseSlew: Table | undefined;
  readonly fallSlew: Table | undefined;
  /** The arc starts at a clock edge. */
  readonly clocked: boolean;
}

export interface Pin {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** Input capacitance, fF. */
  readonly capacitance: number;
  /** Boolean function in Liberty syntax, of an output. */
  readonly function: string | undefined;
  readonly clock: boolean;
}

export interface Cell {
  readonly name: string;
  /** µm² */
  readonly area: number;
  /** nW */
  readonly leakage: number;
  readonly pins: readonly Pin[];
  readonly arcs: readonly Arc[];
  /** Flip-flop: what it takes at the clock edge, and its clock pin. */
  readonly flop: { readonly next: string; readonly clock: string; readonly state: string } | undefined;
  /**
   * Integrated clock gate: while its latch holds a high enable, the output follows the clock. Both pins and the output
   * by name.
   */
  readonly gate: { readonly clock: string; readonly enable: string; readonly output: string } | undefined;
  /** Setup time of the data (or enable) pin before the clock edge, ns. */
  readonly setup: number;
  /** Energy that one transition of an output consumes inside the cell, fJ. */
  readonly switching: number;
  /** Energy that the clock pin consumes per cycle even when nothing changes, fJ. */
  readonly clockEnergy: number;
  /** Energy that a transition of the data (or enable) pin consumes inside while the clock is low, fJ. */
  readonly dataEnergy: number;
}

export interface Library {
  readonly name: string;
  /** V */
  readonly voltage: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** Interpolates (and beyond the table extrapolates) linearly in both directions. */
export function lookup(table: Table, slew: number, load: number): number {
  const { slews, loads, values } = table;
  const i = interval(slews, slew);
  const j = interval(loads, load);
  const row = (k: number): number => along(loads, values[k], j, load);
  if (slews.length === 1) return row(0);
  const [low, high] = [row(i), row(i + 1)];
  return low + ((high - low) * (slew - slews[i])) / (slews[i + 1] - slews[i]);
}

function along(axis: readonly number[], values: readonly number[], j: number, at: number): number {
  if (axis.length === 1) return values[0];
  return values[j] + ((values[j + 1] - values[j]) * (at - axis[j])) / (axis[j + 1] - axis[j]);
}

function interval(axis: readonly number[], at: number): number {
  let i = 0;
  while (i < axis.length - 2 && at >= axis[i + 1]) i++;
  return i;
}
