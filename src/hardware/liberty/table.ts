import type { Table } from './library.ts';
import type { Group } from './parse.ts';
import type { Units } from './units.ts';
import { faulty, numbersOf, type Place } from './value.ts';

/**
 * A table in ns or fJ (the file's numbers times `scale`) over slews in ns and loads in fF, whatever the order of its
 * indices. Of a third index only the first value is read.
 */
export function readTable(
  group: Group,
  templates: ReadonlyMap<string, Group>,
  units: Units,
  scale: number,
  place: Place,
): Table {
  const template = templates.get(group.args[0] ?? '');
  const axis = (n: 1 | 2 | 3): number[] => {
    const key = `index_${n}`;
    const own = template === undefined || group.attributes.has(key);
    const list = own ? numbersOf(group, key, place) : numbersOf(template, key, { file: place.file });
    if (list.every((value, i) => i === 0 || value > list[i - 1])) return list;
    throw faulty(own ? place : { file: place.file }, own ? group : template, key, 'must rise', {
      received: list.join(', '),
    });
  };
  const [first, second, third] = [axis(1), axis(2), axis(3)];
  const depth = Math.max(1, third.length);
  const width = Math.max(1, second.length);
  const height = Math.max(1, first.length);
  const all = numbersOf(group, 'values', place);
  if (all.length !== height * width * depth) {
    throw faulty(place, group, 'values', 'do not fit the indices', {
      expected: `${height * width * depth} numbers`,
      received: `${all.length} numbers`,
    });
  }
  const rows = Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => all[(i * width + j) * depth] * scale),
  );
  if (first.length === 0) return { slews: [0], loads: [0], values: rows };
  const loadFirst = template?.attributes.get('variable_1')?.[0]?.includes('capacitance') === true;
  const time = (list: number[]) => list.map((value) => value * units.time);
  const load = (list: number[]) => list.map((value) => value * units.capacitance);
  if (second.length === 0) {
    return loadFirst
      ? { slews: [0], loads: load(first), values: [rows.map(([value]) => value)] }
      : { slews: time(first), loads: [0], values: rows };
  }
  if (!loadFirst) return { slews: time(first), loads: load(second), values: rows };
  return { slews: time(second), loads: load(first), values: second.map((_, j) => rows.map((row) => row[j])) };
}

/** The value in the middle of a table: for quantities that are reported as one number. */
export function middle(table: Table | undefined): number {
  if (table === undefined) return 0;
  const row = table.values[Math.floor((table.values.length - 1) / 2)];
  return row[Math.floor((row.length - 1) / 2)];
}
