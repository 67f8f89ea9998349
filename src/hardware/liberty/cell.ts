import { MugiError } from '../../errors.ts';
import { senseOf } from './function.ts';
import { type FunctionReader, functionReader } from './function-reader.ts';
import {
  type Arc,
  type Cell,
  type ClockGate,
  clockOf,
  type Flop,
  type Pin,
  type Setup,
  type Table,
} from './library.ts';
import type { Group } from './parse.ts';
import { readLeakage, readPowers } from './power.ts';
import { stateShare } from './states.ts';
import { readTable, type Templates } from './table.ts';
import type { Units } from './units.ts';
import { unusable } from './unusable.ts';
import { shown } from '../../shown.ts';
import { faulty, isTrue, numbersOf, type Place, positiveOf, textOf } from './value.ts';

/** What a cell takes from its library. */
export interface Surroundings {
  readonly units: Units;
  readonly templates: Templates;
  /** Values for cells that state none: capacitance of an input (fF) and leakage (nW). */
  readonly inherited: { readonly capacitance: number; readonly leakage: number };
  readonly file: string;
}

export function readCell(group: Group, { units, templates, inherited, file }: Surroundings): Cell {
  const name = nameOf(group, 'a cell', file);
  const place: Place = { file, cell: name };
  const functions = functionReader(group, place);
  const reason = unusable(group);
  const area = positiveOf(group, 'area', place);
  if (area === undefined && reason === undefined) throw faulty(place, group, 'area', 'is missing');
  const pinGroups = pinsIn(group, file);
  const flop = reason === undefined ? readFlop(group, functions) : undefined;
  const gate = readClockGate(group, pinGroups);
  const pins = pinGroups.flatMap(([pin, of]) => readPin(pin, of, units, inherited, functions, place));
  const share = (clock?: boolean) => stateShare(pins, flop, clockOf({ flop, gate }), clock);
  const table = (of: Group, scale: number) => readTable(of, templates, units, scale, place);
  const timing = pinGroups.map(([pin, of]) => readTiming(pin, of, pins, (inner) => table(inner, units.time)));
  return {
    name,
    area: area ?? 0,
    leakage: readLeakage(group, units.leakage, place, functions, share()) ?? inherited.leakage,
    pins,
    flop,
    gate,
    arcs: timing.flatMap(({ arcs }) => arcs),
    setups: timing.flatMap(({ setups }) => setups),
    powers: pinGroups.flatMap(([pin, of]) =>
      readPowers(pin, of, (inner) => table(inner, units.energy), functions, share, clockOf({ flop, gate })),
    ),
    unusable:
      reason ?? (flop === undefined && ffIn(group) !== undefined ? 'a clock that is a function' : undefined),
  };
}

/** Names are keys of netlists and words of yosys' scripts. */
function nameOf(group: Group, what: string, file: string, text = group.args[0] ?? ''): string {
  if (/^[\w$.\-/\\[\]<>]{1,200}$/.test(text)) return text;
  throw new MugiError({
    code: 'invalid-file',
    message: `${what} must have a name of letters, digits and _ $ . - / \\ [ ] < >`,
    path: `${file}: line ${group.line}`,
    received: shown(text),
  });
}

/** Pins by name; one group may describe several. */
function pinsIn(group: Group, file: string): [name: string, group: Group][] {
  const pins = group.groups
    .filter((inner) => inner.name === 'pin')
    .flatMap((pin) => {
      const names = pin.args.flatMap((arg) => arg.split(/\s+/));
      if (names.length === 0) nameOf(pin, `a pin of cell ${group.args[0]}`, file);
      return names.map((name): [string, Group] => [nameOf(pin, 'a pin', file, name), pin]);
    });
  const seen = new Set<string>();
  for (const [name, pin] of pins) {
    if (seen.has(name)) throw faulty({ file, cell: group.args[0] }, pin, `pin ${name}`, 'stands there twice');
    seen.add(name);
  }
  return pins;
}

const ffIn = (cell: Group) => cell.groups.find(({ name }) => name === 'ff');

function readFlop(cell: Group, functions: FunctionReader): Flop | undefined {
  const group = ffIn(cell);
  if (group === undefined) return undefined;
  const clock = functions(group, 'clocked_on');
  const next = functions(group, 'next_state');
  const pin = clock?.op === 'not' ? clock.of : clock;
  if (pin?.op !== 'pin' || next === undefined) return undefined;
  return {
    next,
    clock: pin.name,
    edge: clock?.op === 'not' ? 'falling' : 'rising',
    state: group.args[0] ?? 'IQ',
    inverse: group.args[1] ?? 'IQN',
    clear: functions(group, 'clear'),
    preset: functions(group, 'preset'),
  };
}

/** A clock gate of a latch that is open while the clock is low; others are never put into a design. */
function readClockGate(cell: Group, pins: readonly (readonly [string, Group])[]): ClockGate | undefined {
  const kind = textOf(cell, 'clock_gating_integrated_cell');
  if (kind !== 'latch_posedge' && kind !== 'latch_posedge_precontrol') return undefined;
  const marked = (key: string) => pins.find(([, pin]) => isTrue(pin, `clock_gate_${key}_pin`))?.[0];
  const [clock, enable, output] = [marked('clock'), marked('enable'), marked('out')];
  if (clock === undefined || enable === undefined || output === undefined) return undefined;
  return { clock, enable, output, test: marked('test') };
}

/** An input or output; none for internal nodes. */
function readPin(
  name: string,
  group: Group,
  units: Units,
  inherited: Surroundings['inherited'],
  functions: FunctionReader,
  place: Place,
): Pin[] {
  const direction = textOf(group, 'direction') === 'output' ? 'output' : 'input';
  if (textOf(group, 'direction') === 'internal') return [];
  const stated = (key: string) => positiveOf(group, key, place, units.capacitance);
  const edges = (['rise', 'fall'] as const).map((edge) => {
    const range = numbersOf(group, `${edge}_capacitance_range`, place, units.capacitance);
    return range.length === 0 ? stated(`${edge}_capacitance`) : Math.max(0, ...range);
  });
  const either = direction === 'input' ? inherited.capacitance : 0;
  const capacitance =
    stated('capacitance') ?? (edges[0] === undefined ? either : Math.max(edges[0], edges[1] ?? 0));
  const [rise, fall] = edges.map((edge) => edge ?? capacitance);
  return [{ name, direction, capacitance, rise, fall, function: functions(group, 'function') }];
}

const COMBINATIONAL = ['combinational', 'combinational_rise', 'combinational_fall'];

function readTiming(
  pin: string,
  group: Group,
  pins: readonly Pin[],
  table: (of: Group) => Table,
): { arcs: Arc[]; setups: Setup[] } {
  const arcs: Arc[] = [];
  const setups: Setup[] = [];
  const fn = pins.find(({ name }) => name === pin)?.function;
  for (const timing of group.groups) {
    if (timing.name !== 'timing') continue;
    const type = textOf(timing, 'timing_type') ?? 'combinational';
    const part = (key: string) => {
      const inner = timing.groups.find(({ name }) => name === key);
      return inner && table(inner);
    };
    if (type === 'setup_rising' || type === 'setup_falling') {
      setups.push({ pin, rise: part('rise_constraint'), fall: part('fall_constraint') });
    }
    const clocked = type === 'rising_edge' || type === 'falling_edge';
    if (!clocked && !COMBINATIONAL.includes(type)) continue;
    const stated = textOf(timing, 'timing_sense');
    const [rise, riseSlew] = type.endsWith('_fall') ? [] : [part('cell_rise'), part('rise_transition')];
    const [fall, fallSlew] = type.endsWith('_rise') ? [] : [part('cell_fall'), part('fall_transition')];
    for (const from of (textOf(timing, 'related_pin') ?? '').split(/\s+/)) {
      const sense =
        stated === undefined && fn !== undefined
          ? senseOf(fn, from)
          : (SENSES[stated ?? ''] ?? ('both' as const));
      arcs.push({ from, to: pin, sense, rise, fall, riseSlew, fallSlew, clocked });
    }
  }
  return { arcs, setups };
}

const SENSES: Readonly<Record<string, Arc['sense']>> = {
  positive_unate: 'positive',
  negative_unate: 'negative',
};
