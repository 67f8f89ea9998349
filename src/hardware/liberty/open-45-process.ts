/* What every cell of the generic library follows from: the process, and its inverting stages by logical effort. */

/** µm². The greatest common divisor of the cell areas in the published 45 nm cost table (Mugi artifact, MIT). */
export const SITE = 0.266;
export const VOLTAGE = 1.1;
/** fF. Gate of a unit transistor pair: about 1.05 µm of gate width at 1.5 fF/µm. */
export const UNIT_CAPACITANCE = 1.6;
/** ns per unit load. FO4 = 500 ps per µm of gate length (22.5 ps at 45 nm), shared among 4 + 1 unit loads, once the
 * part that slow input edges add (below) is taken off. */
export const SLEW_TO_DELAY = 0.455;
export const STEP_TO_SLEW = 2;
export const TAU = 0.0225 / (1 + SLEW_TO_DELAY * STEP_TO_SLEW) / 5;
/** nW per transistor column: means of the published AND, OR, XOR and MUX leakages, and that of the register. */
export const LEAKAGE_PER_COLUMN = 7.3;
export const FLOP_LEAKAGE_PER_COLUMN = 4.54;

export interface Stage {
  /** Logical effort (drive relative to an inverter of equal input capacitance) and parasitic delay. */
  effort: number;
  parasitic: number;
}

export const INV: Stage = { effort: 1, parasitic: 1 };
export const nand = (n: number): Stage => ({ effort: (n + 2) / 3, parasitic: n });
export const nor = (n: number): Stage => ({ effort: (2 * n + 1) / 3, parasitic: n });

/** fJ of one edge of a node of so many units of capacitance. */
export const swing = (units: number): number => 0.5 * VOLTAGE ** 2 * UNIT_CAPACITANCE * units;
