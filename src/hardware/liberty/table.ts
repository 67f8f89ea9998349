import type { Table } from './library.ts';
import type { Group } from './parse.ts';
import type { Units } from './units.ts';
import { faulty, numbersOf, type Place, textOf } from './value.ts';

/** The templates of tables by name, and the indices that were read, which tables share. */
export interface Templates {
  readonly groups: ReadonlyMap<string, Group>;
  readonly indices: Map<string, readonly number[]>;
}

/** Values of an index closer than this (ns or fF) are one: the slope between them would mean nothing. */
const FINEST = 1e-12;

/** Delays, slews and energies: over the slew at the input (ns) and the load (fF). */
const LOADED = ['input', 'load'] as const;
/** Setup times: over the slew of the data and that of the clock, both in ns. */
const CONSTRAINED = ['data', 'clock'] as const;

type Meaning = (typeof LOADED)[number] | (typeof CONSTRAINED)[number];

/** What the variables of templates mean: the ends of `input_net_transition`, `total_output_net_capacitance` and so on. */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [/^constrained_pin_transition/, 'data'],
  [/^related_pin_transition/, 'clock'],
  [/capacitance$/, 'load'],
  [/transition(_time)?$/, 'input'],
];

/** The axis of a table that does not depend on it. */
const ONE: readonly number[] = [0];

interface Axis {
  readonly meaning: Meaning | undefined;
  readonly values: readonly number[];
}

/** A table in ns or fJ: the file's numbers times `scale`. Of a third index only the first value is read. */
export function readTable(
  group: Group,
  templates: Templates,
  units: Units,
  scale: number,
  place: Place,
): Table {
  const template = templates.groups.get(group.args[0] ?? '');
  const meanings = group.name.endsWith('_constraint') ? CONSTRAINED : LOADED;
  const axis = (n: 1 | 2 | 3): Axis => {
    const key = `index_${n}`;
    const variable = template && textOf(template, `variable_${n}`);
    const meaning =
      MEANINGS.find(([ends]) => variable !== undefined && ends.test(variable))?.[1] ??
      (n === 3 ? undefined : meanings[n - 1]);
    const own = template === undefined || group.attributes.has(key);
    const [from, where] = own ? [group, place] : [template, { file: place.file }];
    const texts = from.attributes.get(key);
    if (texts === undefined) return { meaning, values: [] };
    const unit = meaning === 'load' ? units.capacitance : units.time;
    const known = `${unit}|${texts.join(',')}`;
    let values = templates.indices.get(known);
    if (values !== undefined) return { meaning, values };
    values = numbersOf(from, key, where, unit);
    templates.indices.set(known, values);
    if (values.every((value, i) => i === 0 || value - values[i - 1] >= FINEST)) return { meaning, values };
    throw faulty(where, from, key, 'must rise', { received: texts.join(', ') });
  };
  const [first, second, third] = [axis(1), axis(2), axis(3)];
  const depth = Math.max(1, third.values.length);
  const width = Math.max(1, second.values.length);
  const height = Math.max(1, first.values.length);
  const all = numbersOf(group, 'values', place, scale);
  if (all.length !== height * width * depth) {
    throw faulty(place, group, 'values', 'do not fit the indices', {
      expected: `${height * width * depth} numbers`,
      received: `${all.length} numbers`,
    });
  }
  const flat = depth === 1 ? all : all.filter((_, i) => i % depth === 0);
  const rows = Array.from({ length: height }, (_, i) => flat.slice(i * width, (i + 1) * width));
  const axisOr = (values: readonly number[]) => (values.length === 0 ? ONE : values);
  // The indices stand in either order.
  const swapped = second.values.length > 0 ? second.meaning === meanings[0] : first.meaning === meanings[1];
  return swapped
    ? {
        rows: axisOr(second.values),
        columns: axisOr(first.values),
        values: Array.from({ length: width }, (_, j) => rows.map((row) => row[j])),
      }
    : { rows: axisOr(first.values), columns: axisOr(second.values), values: rows };
}
