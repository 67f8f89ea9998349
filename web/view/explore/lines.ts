import type { Value } from '../../../src/explore/expression.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { at, rangeOf, valueAt } from './scale.ts';

/** An axis of parallel coordinates: a parameter with its values in order, or a metric on a logarithmic scale. */
export interface Axis {
  name: string;
  values?: readonly Value[];
  least: number;
  most: number;
}

/** What points differ in, then what they are judged by. */
export function axesOf({ space, columns }: Cloud): Axis[] {
  const { varied, designs } = space.plan;
  const starts: Axis = { name: 'design', values: designs.map(({ name }) => name), least: 0, most: 1 };
  const parameters = varied
    .filter(({ values }) => values.length > 1)
    .map(({ name, values }): Axis => ({ name, values, least: 0, most: 1 }));
  const metrics = [...columns].map(([name, column]): Axis => ({ name, ...rangeOf(column) }));
  return [...(designs.length > 1 ? [starts] : []), ...parameters, ...metrics];
}

/** Where a point stands on an axis, 0 to 1; undefined where it has no such value. */
export function shareOf(
  { space, columns }: Cloud,
  { name, values, least, most }: Axis,
  point: number,
): number | undefined {
  if (values === undefined) {
    const value = columns.get(name)![point];
    return value > 0 ? at({ least, most, from: 0, to: 1 }, value) : undefined;
  }
  const block = space.blockOf(point);
  const place =
    name === 'design'
      ? space.blocks.indexOf(block)
      : values.indexOf(block.grid.point(point - block.offset)[name]);
  return place < 0 ? undefined : values.length === 1 ? 0.5 : place / (values.length - 1);
}

/** Clears the points whose value lies outside. */
function keepBetween(lit: Uint8Array, column: Float32Array, [low, high]: readonly number[]): void {
  for (let i = 0; i < lit.length; i++) if (!(column[i] >= low && column[i] <= high)) lit[i] = 0;
}

/** Which points shine: those that every brush keeps. */
export function litBy(
  cloud: Cloud,
  kept: Readonly<Record<string, readonly [number, number]>>,
  rectangle:
    | { axes: { x: string; y: string }; x: readonly [number, number]; y: readonly [number, number] }
    | undefined,
): Uint8Array {
  const lit = new Uint8Array(cloud.space.size).fill(1);
  if (rectangle !== undefined) {
    for (const side of ['x', 'y'] as const) {
      const column = cloud.columns.get(rectangle.axes[side]);
      if (column !== undefined) keepBetween(lit, column, rectangle[side]);
    }
  }
  if (Object.keys(kept).length === 0) return lit;
  for (const axis of axesOf(cloud)) {
    const part = kept[axis.name];
    if (part === undefined) continue;
    const within = (share: number | undefined): boolean =>
      share !== undefined && share >= part[0] - 1e-9 && share <= part[1] + 1e-9;
    if (axis.values === undefined) {
      keepBetween(
        lit,
        cloud.columns.get(axis.name)!,
        part.map((share) => valueAt({ ...axis, from: 0, to: 1 }, share)),
      );
      continue;
    }
    // A parameter is the same over runs of points: its digit is counted, not looked up.
    for (const [b, block] of cloud.space.blocks.entries()) {
      const { offset, grid, varied } = block;
      const p = varied.findIndex(({ name }) => name === axis.name);
      const length = axis.values.length;
      const keeps = axis.values.map((_, v) => within(length === 1 ? 0.5 : v / (length - 1)));
      if (axis.name === 'design' || p < 0) {
        if (axis.name !== 'design' || !keeps[b]) lit.fill(0, offset, offset + grid.size);
        continue;
      }
      const run = varied.slice(p + 1).reduce((product, { values }) => product * values.length, 1);
      const places = varied[p].values.map((value) => axis.values!.indexOf(value));
      for (let i = 0; i < grid.size; i++)
        if (!keeps[places[Math.floor(i / run) % places.length]]) lit[offset + i] = 0;
    }
  }
  return lit;
}

/** At most so many of a list, spread over it. */
export const thinned = (all: ArrayLike<number>, most: number): number[] => {
  const step = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(all.length, most) }, (_, i) => all[Math.floor(i * step)]);
};
