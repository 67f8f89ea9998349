import type { BooleanFunction } from './function.ts';

/** A table of a library, with linear interpolation between its values. */
export interface Table {
  /** Delays, slews and energies: slew at the input, ns. Constraints: slew of the data, ns. */
  readonly rows: readonly number[];
  /** Delays, slews and energies: load, fF. Constraints: slew of the clock, ns. */
  readonly columns: readonly number[];
  /** [row][column] */
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

/** How long before the clock edge an input must be still, ns; undefined for an edge that has no such limit. */
export interface Setup {
  readonly pin: string;
  readonly rise: Table | undefined;
  readonly fall: Table | undefined;
}

/** Energy that an edge of a pin costs inside the cell, fJ, mean of both edges, the net that it drives left out. */
export interface InternalPower {
  readonly pin: string;
  /** Of an output: the input whose edge causes it, where the library tells them apart. */
  readonly related: string | undefined;
  /** Of an input of a cell with a clock: the clock that it holds under. */
  readonly clock: boolean | undefined;
  readonly energy: Table;
}

export interface Pin {
  readonly name: string;
  readonly direction: 'input' | 'output';
  /** Input capacitance, fF. */
  readonly capacitance: number;
  /** The same for a rising and a falling edge: the greatest where the library gives a range. */
  readonly rise: number;
  readonly fall: number;
  /** Of an output: what it shows, of the cell's inputs and of its flip-flop's state. */
  readonly function: BooleanFunction | undefined;
}

export interface Flop {
  /** What it takes at the clock edge: of the cell's inputs and its state. */
  readonly next: BooleanFunction;
  readonly clock: string;
  readonly edge: 'rising' | 'falling';
  /** What the functions of the outputs call the state and its inverse. */
  readonly state: string;
  readonly inverse: string;
  /** When the state is cleared and set whatever the clock does. */
  readonly clear: BooleanFunction | undefined;
  readonly preset: BooleanFunction | undefined;
}

/**
 * Integrated clock gate: while its latch, open while the clock is low, holds a high enable, the output follows the
 * clock. Pins by name; the test pin, if there is one, opens it too.
 */
export interface ClockGate {
  readonly clock: string;
  readonly enable: string;
  readonly output: string;
  readonly test: string | undefined;
}

export interface Cell {
  readonly name: string;
  /** µm² */
  readonly area: number;
  /** nW */
  readonly leakage: number;
  readonly pins: readonly Pin[];
  readonly arcs: readonly Arc[];
  readonly flop: Flop | undefined;
  readonly gate: ClockGate | undefined;
  readonly setups: readonly Setup[];
  readonly powers: readonly InternalPower[];
  /**
   * Why mapping may not use the cell; undefined for one that it may use. Clock gates come into a design after mapping,
   * if `gate` says how.
   */
  readonly unusable: string | undefined;
}

export interface Library {
  readonly name: string;
  /** V */
  readonly voltage: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** The clock pin of a flip-flop or clock gate. */
export const clockOf = ({ flop, gate }: Pick<Cell, 'flop' | 'gate'>): string | undefined =>
  flop?.clock ?? gate?.clock;

/** Interpolates (and beyond the table extrapolates) linearly in both directions. */
export function lookup({ rows, columns, values }: Table, row: number, column: number): number {
  const j = interval(columns, column);
  if (rows.length === 1) return along(columns, values[0], j, column);
  const i = interval(rows, row);
  const low = along(columns, values[i], j, column);
  const high = along(columns, values[i + 1], j, column);
  return low + ((high - low) * (row - rows[i])) / (rows[i + 1] - rows[i]);
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
