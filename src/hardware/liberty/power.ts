import type { FunctionReader } from './function-reader.ts';
import type { InternalPower, Table } from './library.ts';
import type { Group } from './parse.ts';
import type { StateShare } from './states.ts';
import { numberOf, type Place, textOf } from './value.ts';

/**
 * Leakage of a cell, nW: what the library gives for the cell, or else the mean over the states of its pins, all states
 * alike, summed over its supplies. Undefined where the library says neither.
 */
export function readLeakage(
  cell: Group,
  scale: number,
  place: Place,
  functions: FunctionReader,
  share: StateShare,
): number | undefined {
  const stated = numberOf(cell, 'cell_leakage_power', place, scale);
  if (stated !== undefined) return stated;
  const groups = cell.groups.filter(({ name }) => name === 'leakage_power');
  if (groups.length === 0) return undefined;
  return weighted(groups, functions, share, 'always')
    .map(([group, weight]) => weight * (numberOf(group, 'value', place, scale) ?? 0))
    .reduce((sum, value) => sum + value, 0);
}

/**
 * The internal power of a pin, one table for each input that causes it: the mean of rising and falling edges, and of
 * the conditions (`when`), all states of the pins alike; summed over the supplies.
 */
export function readPowers(
  pin: string,
  group: Group,
  table: (of: Group) => Table,
  functions: FunctionReader,
  share: (clock?: boolean) => StateShare,
  clock: string | undefined,
): InternalPower[] {
  const byCause = new Map<string | undefined, Group[]>();
  for (const power of group.groups) {
    if (power.name !== 'internal_power') continue;
    for (const related of textOf(power, 'related_pin')?.split(/\s+/) ?? [undefined]) {
      const list = byCause.get(related);
      if (list === undefined) byCause.set(related, [power]);
      else list.push(power);
    }
  }
  return [...byCause].flatMap(([related, groups]) => {
    // Whether the clock is high decides what an edge of data moves: only a latch that is open follows it.
    const input = related === undefined && textOf(group, 'direction') === 'input';
    const levels = input && clock !== undefined && pin !== clock ? [false, true] : [undefined];
    return levels.flatMap((level) => {
      const weights = weighted(groups, functions, share(level), input ? 'at times' : 'always');
      const parts = weights.flatMap(([power, weight]) =>
        edgesOf(power).map(([edge, part]) => [table(edge), weight * part] as const),
      );
      return merged(parts).map((energy) => ({ pin, related, clock: level, energy }));
    });
  });
}

/** The tables of a group with their shares: `power` stands for both edges. */
function edgesOf(power: Group): [Group, number][] {
  return power.groups.flatMap((inner): [Group, number][] => {
    if (inner.name === 'power') return [[inner, 1]];
    return inner.name === 'rise_power' || inner.name === 'fall_power' ? [[inner, 0.5]] : [];
  });
}

/** Tables over the same axes as one: interpolation is linear in the values, so sums may be taken first. */
function merged(parts: readonly (readonly [Table, number])[]): Table[] {
  const sums: { rows: readonly number[]; columns: readonly number[]; values: number[][] }[] = [];
  for (const [{ rows, columns, values }, share] of parts) {
    // Tables of one file share their indices.
    let sum = sums.find((one) => one.rows === rows && one.columns === columns);
    if (sum === undefined) sums.push((sum = { rows, columns, values: rows.map(() => columns.map(() => 0)) }));
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < columns.length; j++) sum.values[i][j] += share * values[i][j];
    }
  }
  return sums;
}

/**
 * Groups with their weights: within each supply the conditions weigh by how many states of the pins they hold in, and
 * what has no condition takes the rest. Where one of them `always` holds, as for an edge of an output, which the other
 * states do not let through, the weights are made to sum to 1; `at times`, as for an edge of an input, none need hold.
 */
function weighted(
  groups: readonly Group[],
  functions: FunctionReader,
  share: StateShare,
  holds: 'always' | 'at times',
): [Group, number][] {
  const supplies = new Map<string, [Group, number | undefined][]>();
  for (const group of groups) {
    const supply = textOf(group, 'related_pg_pin') ?? '';
    const when = functions(group, 'when');
    const list = supplies.get(supply) ?? [];
    list.push([group, when && share(when)]);
    supplies.set(supply, list);
  }
  return [...supplies.values()].flatMap((list) => {
    const conditional = list.reduce((sum, [, states]) => sum + (states ?? 0), 0);
    const others = list.filter(([, states]) => states === undefined).length;
    const rest = others === 0 ? 0 : Math.max(0, 1 - conditional) / others;
    const sum = conditional + rest * others;
    const total = holds === 'always' && sum > 0 ? sum : Math.max(1, sum);
    return list.map(([group, states]): [Group, number] => [group, (states ?? rest) / total]);
  });
}
