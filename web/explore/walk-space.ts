import { MugiError } from '../../src/errors.ts';
import { type Constraint, violation } from '../../src/explore/constraint.ts';
import { Front } from '../../src/explore/front.ts';
import { asCost } from '../../src/explore/objective.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import type { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import { shownSpace } from './check-shown.ts';
import { type Asked, type Counts, half, HELP_FROM, type Points, type Told } from './messages.ts';

/** Time between two messages, and for the first look. */
const SLICE_MS = 120;
const COARSE_MS = 60;
/** Spreads any number of points evenly over a space. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A space that is walked, or has been. */
interface Walk {
  run: number;
  space: Space;
  walker: Walker;
  /** By metric; what is evaluated so far. */
  columns: Float64Array[];
  /** Where the part of this worker begins. */
  first: number;
  done: number;
  /** Where the part of this worker ends, and how many points beyond it the other one has sent. */
  end: number;
  helped: number;
  excluded: number;
  unbuildable: number;
  limits: readonly Constraint[];
}

let walk: Walk | undefined;

const tell = (told: Told, moved: Transferable[] = []): void => postMessage(told, { transfer: moved });

function begun(run: number, space: Space, limits: readonly Constraint[]): Walk {
  const walker = new Walker(space);
  return {
    run,
    space,
    walker,
    columns: walker.metrics.map(() => new Float64Array(space.size).fill(Number.NaN)),
    first: 0,
    done: 0,
    end: space.size,
    helped: 0,
    excluded: 0,
    unbuildable: 0,
    limits,
  };
}

function begin(run: number, plan: Plan, limits: readonly Constraint[], most = HELP_FROM): Walk {
  const at = begun(run, shownSpace(plan), limits);
  const metrics = at.walker.metrics.map(({ name }) => name);
  const halved = at.space.size >= most;
  if (halved) at.end = half(at.space.size);
  tell({ kind: 'begun', run, plan, size: at.space.size, metrics, halved });
  return at;
}

/** A first look: points all over the space, as many as a moment allows. */
function coarse({ run, space, walker }: Walk): void {
  const end = performance.now() + COARSE_MS;
  const points: number[] = [];
  const values: number[][] = walker.metrics.map(() => []);
  for (let i = 0; i < space.size && performance.now() < end; i++) {
    const index = Math.floor(((i * GOLDEN) % 1) * space.size);
    if (walker.at(index) !== 'evaluated') continue;
    points.push(index);
    for (const [k, column] of values.entries()) column.push(walker.values[k]);
  }
  tell({
    kind: 'coarse',
    run,
    points: Int32Array.from(points),
    values: values.map((one) => Float32Array.from(one)),
  });
}

/** Evaluates what a slice of time allows, and comes back for the rest. */
function go(at: Walk): void {
  if (walk !== at) return;
  const { run, walker, columns } = at;
  const { done: from, excluded, unbuildable } = at;
  const end = performance.now() + SLICE_MS;
  while (at.done < at.end && (at.done % 64 !== 0 || performance.now() < end)) {
    const outcome = walker.at(at.done);
    if (outcome === 'evaluated')
      for (const [k, column] of columns.entries()) column[at.done] = walker.values[k];
    else if (outcome === 'excluded') at.excluded++;
    else at.unbuildable++;
    at.done++;
  }
  const values = columns.map((column) => Float32Array.from(column.subarray(from, at.done)));
  tell(
    {
      kind: 'points',
      run,
      from,
      values,
      excluded: at.excluded - excluded,
      unbuildable: at.unbuildable - unbuildable,
    },
    values.map(({ buffer }) => buffer),
  );
  if (at.done < at.end) setTimeout(() => attempt(run, () => go(at)), 0);
  else if (isWhole(at)) front(at);
}

/** Whether this worker knows every point; a second one, which begins in the middle, never does. */
const isWhole = ({ first, done, end, helped, space }: Walk): boolean =>
  first === 0 && done === end && end + helped === space.size;

/** Takes up what the other worker found. */
function take(at: Walk, { from, values, excluded, unbuildable }: Points): void {
  for (const [k, column] of at.columns.entries()) column.set(values[k], from);
  at.helped += values[0].length;
  at.excluded += excluded;
  at.unbuildable += unbuildable;
  if (isWhole(at)) front(at);
}

/** The front of the points that keep all bounds, once all are evaluated. */
function front(at: Walk): void {
  const { run, space, walker, columns, excluded, unbuildable, limits } = at;
  const { objectives, within } = space.plan;
  const place = (metric: string): number => walker.metrics.findIndex(({ name }) => name === metric);
  const bounds = [...within, ...limits].map((bound) => ({ bound, column: columns[place(bound.metric)] }));
  const goals = objectives.map((objective) => ({ objective, column: columns[place(objective.metric)] }));
  const found = new Front(objectives.length);
  const costs = new Float64Array(objectives.length);
  let inside = 0;
  for (let index = 0; index < space.size; index++) {
    for (const [k, { objective, column }] of goals.entries()) costs[k] = asCost(objective, column[index]);
    if (!costs.every(Number.isFinite)) continue;
    if (bounds.some(({ bound, column }) => violation(bound, column[index]) > 0)) continue;
    inside++;
    found.add(index, costs);
  }
  const points = Int32Array.from(found.points(), ({ id }) => id);
  const counts: Counts = { evaluated: space.size - excluded - unbuildable, excluded, unbuildable, inside };
  tell({ kind: 'front', run, front: points, counts }, [points.buffer]);
}

function attempt(run: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    tell({ kind: 'failed', run, details: error.details });
  }
}

/** Takes up what a page asks of a space. */
export function explored(data: Asked): void {
  const { run } = data;
  attempt(run, () => {
    if (data.kind === 'limits') {
      if (walk?.run !== run) return;
      walk.limits = data.limits;
      if (isWhole(walk)) front(walk);
      return;
    }
    if (data.kind === 'helped') {
      if (walk?.run === run) take(walk, data);
      return;
    }
    walk = undefined;
    if (data.kind === 'help') {
      const beyond = begun(run, shownSpace(data.plan), []);
      beyond.first = data.from;
      beyond.done = data.from;
      walk = beyond;
      go(beyond);
      return;
    }
    if (data.kind === 'file') {
      void read(data);
      return;
    }
    const whole = begin(run, data.plan, data.limits);
    walk = whole;
    coarse(whole);
    // Something else may have been asked by then.
    setTimeout(() => attempt(run, () => go(whole)), 0);
  });
}

/** A file of points is shown as it is, if it holds them all; of a sample the space is evaluated again. */
async function read({ run, name, bytes, limits }: Extract<Asked, { kind: 'file' }>): Promise<void> {
  const { columnsFrom, headOf, rowsOf } = await import('../../src/explore/parquet.ts');
  try {
    const { plan, searched } = headOf(new Uint8Array(bytes), name);
    const at = begin(run, plan, limits, Infinity);
    walk = at;
    if (searched !== undefined) {
      go(at);
      return;
    }
    const names = at.walker.metrics.map(({ name: metric }) => metric);
    const rows = columnsFrom(await rowsOf(new Uint8Array(bytes)), names);
    for (const [k, column] of rows.values.entries())
      for (const [i, index] of rows.index.entries()) at.columns[k][index] = column[i];
    for (const outcome of rows.outcome) if (outcome === 'unbuildable') at.unbuildable++;
    at.done = at.space.size;
    at.excluded = at.done - rows.index.length;
    const values = at.columns.map((column) => Float32Array.from(column));
    tell(
      { kind: 'points', run, from: 0, values, excluded: 0, unbuildable: 0 },
      values.map(({ buffer }) => buffer),
    );
    front(at);
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    tell({ kind: 'failed', run, details: error.details });
  }
}
