import type { Value } from './expression.ts';
import { namesOf } from './space/varied.ts';
import type { Space } from './space/space.ts';
import { type Tally, Tallier } from './tally.ts';
import { type Outcome, Walker } from './walk.ts';

/** Spaces of up to so many points keep every one of them; of larger ones are kept the front, the best and samples. */
export const MOST_ROWS = 10_000_000;

/** Smallest and largest number of points of a chunk. */
const CHUNK = { min: 2 ** 13, max: 2 ** 17 };

/** A range of points that is evaluated, kept and counted as one. Depends on the size of the space and on nothing else. */
export interface Range {
  from: number;
  to: number;
}

export function rangesOf(size: number): Range[] {
  const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, size / 32)));
  const length = Math.min(CHUNK.max, Math.max(CHUNK.min, wanted));
  return Array.from({ length: Math.ceil(size / length) }, (_, i) => ({
    from: i * length,
    to: Math.min(size, (i + 1) * length),
  }));
}

/** Points as columns: what is stored of a chunk. */
export interface Rows {
  index: number[];
  outcome: (Outcome | 'outside')[];
  /** By metric, in the order of the walker's. */
  values: number[][];
}

export interface Chunk {
  tally: Tally;
  rows: Rows;
}

/** Points between two reports. */
const REPORT = 4096;

/**
 * Evaluates a range of points.
 * @param report called every few milliseconds with the points that are done and the size of the front so far
 */
export function chunkOf(
  space: Space,
  { from, to }: Range,
  walker: Walker = new Walker(space),
  report: (done: number, front: number) => void = () => {},
): Chunk {
  const names = walker.metrics.map(({ name }) => name);
  const tallier = new Tallier(space, names, from, to);
  const rows = noRows(walker);
  const all = space.size <= MOST_ROWS;
  for (let index = from; index < to; index++) {
    const outcome = walker.at(index);
    const inside = tallier.add(index, outcome, walker.values, walker.reason, walker.arithmetic);
    if (all && outcome !== 'excluded')
      keep(rows, index, outcome === 'evaluated' && !inside ? 'outside' : outcome, walker);
    if ((index - from) % REPORT === REPORT - 1) report(index - from + 1, tallier.frontSize);
  }
  const tally = tallier.finish();
  if (!all) {
    const wanted = [tally.front, tally.samples, ...tally.best].flat().map(({ index }) => index);
    return { tally, rows: rowsAt(walker, wanted) };
  }
  return { tally, rows };
}

const noRows = ({ metrics }: Walker): Rows => ({ index: [], outcome: [], values: metrics.map(() => []) });

/** Some points as columns, each once and in their order. */
export function rowsAt(walker: Walker, indices: readonly number[]): Rows {
  const rows = noRows(walker);
  for (const index of [...new Set(indices)].sort((a, b) => a - b))
    keep(rows, index, walker.at(index), walker);
  return rows;
}

function keep(rows: Rows, index: number, outcome: Outcome | 'outside', { values }: Walker): void {
  rows.index.push(index);
  rows.outcome.push(outcome);
  for (let k = 0; k < values.length; k++) rows.values[k].push(values[k]);
}

/** Names of the parameters that points differ in, `design` first. */
export const columnsOf = (space: Space): string[] => ['design', ...namesOf(space.plan.varied)];

/** The values of a parameter at some points; null where the design has no such parameter. */
export function parameterAt(space: Space, indices: readonly number[], name: string): (Value | null)[] {
  return indices.map((index) => {
    const block = space.blockOf(index);
    if (name === 'design') return block.start.name;
    const p = block.varied.findIndex((one) => one.name === name);
    if (p < 0) return null;
    return block.varied[p].values[block.grid.digits(index - block.offset)[p]];
  });
}
