import { MugiError } from '../../errors.ts';
import type { Arc, Cell, Library, Pin, Table } from './library.ts';
import { parseFunction, pinsOf } from './function.ts';
import { type Group, parseLiberty } from './parse.ts';
import { middle, readTable } from './table.ts';
import { readUnits, type Units } from './units.ts';
import { faulty, numberOf, positiveOf } from './value.ts';

/**
 * Reads the part of a Liberty library that area, timing and power need: NLDM delays, capacitances, leakage and
 * internal power. Units of the file are converted to ns, fF, fJ, nW and µm². Conditional (`when`) internal power
 * is averaged; so are the rising and falling tables.
 * @throws MugiError for values that are not valid, naming cell and attribute, and a library without cells
 */
export function readLiberty(text: string, file: string): Library {
  const root = parseLiberty(text, file);
  const units = readUnits(root, { file });
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

function readCell(group: Group, units: Units, templates: ReadonlyMap<string, Group>, file: string): Cell {
  const name = group.args[0];
  const place = { file, cell: name };
  // Pins, and states that flip-flops and latches name. Of buses only the pins are named, not the bits.
  const named = new Set(group.groups.flatMap(({ args }) => args.flatMap((arg) => arg.split(/\s+/))));
  const buses = group.groups.some((inner) => inner.name === 'bus' || inner.name === 'bundle');
  /** ABC says nothing of use about a function that it cannot read. */
  const functionOf = (from: Group, key: string): string | undefined => {
    const received = from.attributes.get(key)?.[0];
    if (received === undefined) return undefined;
    let pins: ReadonlySet<string>;
    try {
      pins = pinsOf(parseFunction(received));
    } catch {
      throw faulty(place, from, key, 'is no Boolean function', { received });
    }
    for (const pin of pins) {
      if (!named.has(pin) && !buses)
        throw faulty(place, from, key, `names "${pin}", which the cell lacks`, { received });
    }
    return received;
  };
  const area = positiveOf(group, 'area', place);
  if (area === undefined) throw faulty(place, group, 'area', 'is missing');
  const pinGroups = group.groups.filter(
    (inner) => inner.name === 'pin' && inner.attributes.get('direction')?.[0] !== 'internal',
  );
  const sequential = group.groups.find((inner) => inner.name === 'ff');
  const gate = clockGate(group, pinGroups);
  const clockPin =
    gate?.clock ?? (sequential && functionOf(sequential, 'clocked_on'))?.replace(/[^A-Za-z0-9_]/g, '');
  const pins: Pin[] = pinGroups.map((pin) => ({
    name: pin.args[0],
    direction: pin.attributes.get('direction')?.[0] === 'output' ? 'output' : 'input',
    capacitance: (positiveOf(pin, 'capacitance', place) ?? 0) * units.capacitance,
    function: functionOf(pin, 'function'),
    clock: pin.args[0] === clockPin,
  }));
  const table = (of: Group | undefined, scale: number): Table | undefined =>
    of === undefined ? undefined : readTable(of, templates, units, scale, place);
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
  const next = sequential === undefined ? undefined : functionOf(sequential, 'next_state');
  const data = pinGroups.find((pin) => pin.args[0] === (gate?.enable ?? next));
  const outputs = pinGroups.filter((pin) => pin.attributes.get('direction')?.[0] === 'output');
  const clock = pinGroups.find((pin) => pin.args[0] === clockPin);
  const leakageGroups = group.groups
    .filter((inner) => inner.name === 'leakage_power')
    .map((inner) => numberOf(inner, 'value', place) ?? 0);
  const leakage =
    numberOf(group, 'cell_leakage_power', place) ??
    (leakageGroups.length === 0 ? 0 : leakageGroups.reduce((a, b) => a + b, 0) / leakageGroups.length);
  return {
    name,
    area,
    leakage: leakage * units.leakage,
    pins,
    arcs,
    flop:
      sequential === undefined || clockPin === undefined
        ? undefined
        : {
            next: next ?? '0',
            clock: clockPin,
            state: sequential.args[0] ?? 'IQ',
          },
    gate,
    setup,
    switching: energy(outputs.flatMap(powers)),
    // A cycle has a rising and a falling clock edge.
    clockEnergy: clock === undefined ? 0 : 2 * energy(powers(clock)),
    dataEnergy: data === undefined || clockPin === undefined ? 0 : energy(whileLow(powers(data), clockPin)),
  };
}

/** A clock gate whose latch is open while the clock is low; other kinds are no clock gates for us. */
function clockGate(group: Group, pins: readonly Group[]): Cell['gate'] {
  if (group.attributes.get('clock_gating_integrated_cell')?.[0] !== 'latch_posedge') return undefined;
  const marked = (key: string) =>
    pins.find((pin) => pin.attributes.get(`clock_gate_${key}_pin`)?.[0] === 'true')?.args[0];
  const [clock, enable, output] = [marked('clock'), marked('enable'), marked('out')];
  return clock === undefined || enable === undefined || output === undefined
    ? undefined
    : { clock, enable, output };
}

/** Of powers under conditions, those that say that the clock is low; all of them where none does. */
function whileLow(groups: readonly Group[], clock: string): readonly Group[] {
  const low = groups.filter((power) =>
    new RegExp(`!\\s*\\(?\\s*${clock}\\b|\\b${clock}\\s*'`).test(power.attributes.get('when')?.[0] ?? ''),
  );
  return low.length > 0 ? low : groups;
}

const powers = (pin: Group) => pin.groups.filter((inner) => inner.name === 'internal_power');
