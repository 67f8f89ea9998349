import { UNIT_CAPACITANCE, SLEW_TO_DELAY, STEP_TO_SLEW, TAU, type Stage } from './open-45-process.ts';

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
