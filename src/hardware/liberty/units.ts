import type { Group } from './parse.ts';
import { faulty, numberOf, type Place } from './value.ts';

export interface Units {
  /** ns per unit of time, fF per unit of capacitance, nW per unit of leakage, fJ per unit of energy. */
  readonly time: number;
  readonly capacitance: number;
  readonly leakage: number;
  readonly energy: number;
  /** V */
  readonly voltage: number;
}

const SCALE: Readonly<Record<string, number>> = { f: 1e-15, p: 1e-12, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3 };

/** The units of a library; those that it does not state are 1 ns, 1 pF, 1 nW and 1 V, at 1.1 V. */
export function readUnits(root: Group, place: Place): Units {
  /** `1ns`, `10pF`, `1uW`: the quantity in SI units. */
  const si = (key: string, fallback: string, unit: string): number => {
    const text = root.attributes.get(key)?.join('') ?? fallback;
    const match = new RegExp(`^\\s*([\\d.e+-]*)\\s*([fpnumk]?)${unit}\\s*$`, 'i').exec(text);
    const count = match === null ? Number.NaN : match[1] === '' ? 1 : Number(match[1]);
    if (count >= 1e-6 && count <= 1e6) return count * (SCALE[match![2].toLowerCase()] ?? 1);
    throw faulty(place, root, key, 'is no unit', { expected: `such as ${fallback}`, received: text });
  };
  const voltage = numberOf(root, 'nom_voltage', place) ?? 1.1;
  if (!(voltage > 0)) {
    throw faulty(place, root, 'nom_voltage', 'must be above 0', { received: String(voltage) });
  }
  const capacitance = si('capacitive_load_unit', '1pF', 'f') * 1e15;
  return {
    time: si('time_unit', '1ns', 's') * 1e9,
    capacitance,
    leakage: si('leakage_power_unit', '1nW', 'w') * 1e9,
    // Internal power tables are energies in units of capacitance times voltage squared.
    energy: capacitance * si('voltage_unit', '1V', 'v') ** 2,
    voltage,
  };
}
