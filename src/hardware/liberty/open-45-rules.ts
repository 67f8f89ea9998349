/** The constants that the cells of open-45 follow from, and the Liberty text that they share. */

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

/** Delay and slew tables of one arc: linear in slew and load, so two points an axis are exact. */
export function timing(
  from: string,
  sense: string,
  { effort, parasitic }: Stage,
  drive: number,
  before: number,
  slewBefore: number | undefined,
  extra = '',
): string {
  const slews = [0.005, 0.2];
  const loads = [1, 50 * drive];
  const step = (load: number) => TAU * ((effort * load) / (UNIT_CAPACITANCE * drive) + parasitic);
  const delay = slews.map((slew) =>
    loads.map((load) => {
      const inner = slewBefore === undefined ? 0 : SLEW_TO_DELAY * slewBefore;
      return before + inner + SLEW_TO_DELAY * slew + step(load);
    }),
  );
  const slew = slews.map(() => loads.map((load) => STEP_TO_SLEW * step(load)));
  const table = (name: string, values: number[][]) =>
    `        ${name} (delay_template) {
          index_1 ("${slews.map(number).join(', ')}");
          index_2 ("${loads.map(number).join(', ')}");
          values (${values.map((row) => `"${row.map(number).join(', ')}"`).join(', ')});
        }
`;
  return `      timing () {
        related_pin : "${from}";
${extra === '' ? `        timing_sense : ${sense};\n` : extra}${table('cell_rise', delay)}${table('cell_fall', delay)}${table('rise_transition', slew)}${table('fall_transition', slew)}      }
`;
}

export function pin(name: string, capacitance: number, more = ''): string {
  return `    pin (${name}) {
      direction : input;
      capacitance : ${number(capacitance)};
${more}    }
`;
}

export function internalPower(energy: number, when = '', indent = '      '): string {
  const value = `{ values ("${number(energy)}"); }`;
  return `${indent}internal_power () {
${when === '' ? '' : `${indent}  when : "${when}";\n`}${indent}  rise_power (scalar) ${value}
${indent}  fall_power (scalar) ${value}
${indent}}
`;
}

export const number = (value: number): string => String(Number(value.toPrecision(6)));
