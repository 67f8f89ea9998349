import { MugiError } from '../../errors.ts';
import type { Arc, Cell, Library, Pin, Table } from './library.ts';
import { type Group, parseLiberty } from './parse.ts';

/**
 * Reads the part of a Liberty library that area, timing and power need: NLDM delays, capacitances, leakage and
 * internal power. Units of the file are converted to ns, fF, fJ, nW and µm². Conditional (`when`) internal power
 * is averaged; so are the rising and falling tables.
 */
export function readLiberty(text: string, file: string): Library {
  const root = parseLiberty(text, file);
  const units = readUnits(root);
  const templates = new Map<string, Group>();
  for (const group of root.groups) {
    if (group.name === 'lu_table_template' || group.name === 'power_lut_template')
      templates.set(group.args[0], group);
  }
  const cells = new Map<string, Cell>();
  for (const group of root.groups) {
    if (group.name !== 'cell') continue;
    const cell = readCell(group, units, templates, file);
    cells.set(cell.name, cell);
  }
  if (cells.size === 0) {
    throw new MugiError({ code: 'invalid-file', message: 'the library has no cells', path: file });
  }
  return { name: root.args[0] ?? 'library', voltage: units.voltage, cells };
}

interface Units {
  /** ns per unit of time, fF per unit of capacitance, nW per unit of leakage, fJ per unit of energy. */
  readonly time: number;
  readonly capacitance: number;
  readonly leakage: number;
  readonly energy: number;
  readonly voltage: number;
}

const SCALE: Readonly<Record<string, number>> = { f: 1e-15, p: 1e-12, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3 };

/** `1ns`, `10pF`, `1uW`: the quantity in SI units. */
function si(text: string): number {
  const match = /^\s*([\d.eE+-]*)\s*([fpnumk]?)(?:s|f|w|v|j)?\s*$/i.exec(text);
  if (match === null) return Number.NaN;
  return (match[1] === '' ? 1 : Number(match[1])) * (SCALE[match[2].toLowerCase()] ?? 1);
}

function readUnits(root: Group): Units {
  const attribute = (name: string) => root.attributes.get(name)?.join('');
  const time = si(attribute('time_unit') ?? '1ns') * 1e9;
  const capacitance = si(attribute('capacitive_load_unit') ?? '1pF') * 1e15;
  const leakage = si(attribute('leakage_power_unit') ?? '1nW') * 1e9;
  const voltage = Number(attribute('nom_voltage') ?? 1.1);
  // Internal power tables are energies in units of capacitance times voltage squared.
  return {
    time,
    capacitance,
    leakage,
    energy: capacitance * si(attribute('voltage_unit') ?? '1V') ** 2,
    voltage,
  };
}

function readCell(group: Group, units: Units, templates: ReadonlyMap<string, Group>, file: string): Cell {
  const name = group.args[0];
  const number = (from: Group, key: string): number | undefined => {
    const text = from.attributes.get(key)?.[0];
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new MugiError({
      code: 'invalid-file',
      message: `${key} of cell ${name} must be a number`,
      path: `${file}: line ${from.line}`,
      received: text,
    });
  };
  const pinGroups = group.groups.filter((inner) => inner.name === 'pin');
  const sequential = group.groups.find((inner) => inner.name === 'ff');
  const clockPin = sequential?.attributes.get('clocked_on')?.[0].replace(/[^A-Za-z0-9_]/g, '');
  const pins: Pin[] = pinGroups.map((pin) => ({
    name: pin.args[0],
    direction: pin.attributes.get('direction')?.[0] === 'output' ? 'output' : 'input',
    capacitance: (number(pin, 'capacitance') ?? 0) * units.capacitance,
    function: pin.attributes.get('function')?.[0],
    clock: pin.args[0] === clockPin,
  }));
  const table = (of: Group | undefined, scale: number): Table | undefined =>
    of === undefined ? undefined : readTable(of, templates, units, scale);
  const arcs: Arc[] = [];
  let setup = 0;
  for (const pin of pinGroups) {
    for (const timing of pin.groups.filter((inner) => inner.name === 'timing')) {
      const type = timing.attributes.get('timing_type')?.[0] ?? 'combinational';
      const part = (key: string) =>
        table(
          timing.groups.find((inner) => inner.name === key),
          units.time,
        );
      if (type.startsWith('setup')) {
        for (const key of ['rise_constraint', 'fall_constraint']) setup = Math.max(setup, middle(part(key)));
        continue;
      }
      if (type !== 'combinational' && type !== 'rising_edge' && type !== 'falling_edge') continue;
      const sense = timing.attributes.get('timing_sense')?.[0];
      for (const from of (timing.attributes.get('related_pin')?.[0] ?? '').split(/\s+/)) {
        arcs.push({
          from,
          to: pin.args[0],
          sense: sense === 'positive_unate' ? 'positive' : sense === 'negative_unate' ? 'negative' : 'both',
          rise: part('cell_rise'),
          fall: part('cell_fall'),
          riseSlew: part('rise_transition'),
          fallSlew: part('fall_transition'),
          clocked: type !== 'combinational',
        });
      }
    }
  }
  const energy = (groups: readonly Group[]): number => {
    const values = groups
      .flatMap((power) => power.groups)
      .filter((inner) => inner.name === 'rise_power' || inner.name === 'fall_power')
      .map((inner) => middle(table(inner, units.energy)));
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const outputs = pinGroups.filter((pin) => pin.attributes.get('direction')?.[0] === 'output');
  const clock = pinGroups.find((pin) => pin.args[0] === clockPin);
  const leakageGroups = group.groups
    .filter((inner) => inner.name === 'leakage_power')
    .map((inner) => number(inner, 'value') ?? 0);
  const leakage =
    number(group, 'cell_leakage_power') ??
    (leakageGroups.length === 0 ? 0 : leakageGroups.reduce((a, b) => a + b, 0) / leakageGroups.length);
  return {
    name,
    area: number(group, 'area') ?? 0,
    leakage: leakage * units.leakage,
    pins,
    arcs,
    flop:
      sequential === undefined || clockPin === undefined
        ? undefined
        : {
            next: sequential.attributes.get('next_state')?.[0] ?? '0',
            clock: clockPin,
            state: sequential.args[0] ?? 'IQ',
          },
    setup,
    switching: energy(outputs.flatMap(powers)),
    // A cycle has a rising and a falling clock edge.
    clockEnergy: clock === undefined ? 0 : 2 * energy(powers(clock)),
  };
}

const powers = (pin: Group) => pin.groups.filter((inner) => inner.name === 'internal_power');

const numbers = (texts: readonly string[] | undefined): number[] =>
  (texts ?? []).flatMap((text) => text.split(/[\s,]+/).filter((part) => part !== '')).map(Number);

/** A table in ns or fJ over slews in ns and loads in fF, whatever the order of its indices. */
function readTable(group: Group, templates: ReadonlyMap<string, Group>, units: Units, scale: number): Table {
  const template = templates.get(group.args[0] ?? '');
  const axis = (n: 1 | 2) =>
    numbers(group.attributes.get(`index_${n}`) ?? template?.attributes.get(`index_${n}`));
  const kind = (n: 1 | 2) => template?.attributes.get(`variable_${n}`)?.[0] ?? '';
  const values = numbers(group.attributes.get('values')).map((value) => value * scale);
  const isLoad = (n: 1 | 2) => kind(n).includes('capacitance');
  const [first, second] = [axis(1), axis(2)];
  const width = Math.max(1, second.length);
  const rows = Array.from({ length: Math.max(1, first.length) }, (_, i) =>
    values.slice(i * width, (i + 1) * width),
  );
  if (first.length === 0) return { slews: [0], loads: [0], values: rows };
  const time = (list: number[]) => list.map((value) => value * units.time);
  const load = (list: number[]) => list.map((value) => value * units.capacitance);
  if (second.length === 0) {
    return isLoad(1)
      ? { slews: [0], loads: load(first), values: [rows.map(([value]) => value)] }
      : { slews: time(first), loads: [0], values: rows };
  }
  if (!isLoad(1)) return { slews: time(first), loads: load(second), values: rows };
  return { slews: time(second), loads: load(first), values: second.map((_, j) => rows.map((row) => row[j])) };
}

/** The value in the middle of a table: for quantities that are reported as one number. */
function middle(table: Table | undefined): number {
  if (table === undefined) return 0;
  const row = table.values[Math.floor((table.values.length - 1) / 2)];
  return row[Math.floor((row.length - 1) / 2)];
}
