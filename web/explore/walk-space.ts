import { MugiError } from '../../src/errors.ts';
import type { Constraint } from '../../src/explore/constraint.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import { shownSpace } from './check-shown.ts';
import type { Asked, Found, Share, Told } from './messages.ts';
import { PartWalk, together } from './part-walk.ts';

/** Time between two messages, and for the first look. */
const SLICE_MS = 120;
const COARSE_MS = 20;

/** A space that is walked, or has been. */
interface Walk extends Share {
  run: number;
  part: PartWalk;
  limits: readonly Constraint[];
  asked: number;
  /** By worker, as far as they have told the first one. */
  found: Found[];
}

let walk: Walk | undefined;

const tell = (told: Told, moved: Transferable[] = []): void => postMessage(told, { transfer: moved });

const until = (ms: number): (() => boolean) => {
  const end = performance.now() + ms;
  return () => performance.now() < end;
};

function begin(
  { run, limits, asked }: Pick<Walk, 'run' | 'limits' | 'asked'>,
  plan: Plan,
  { of, which }: Share = { of: 1, which: 0 },
): Walk {
  const space = shownSpace(plan);
  const part = new PartWalk(space, of, which);
  tell({ kind: 'begun', run, plan, size: space.size, metrics: part.walker.metrics.map(({ name }) => name) });
  walk = { run, of, which, part, limits, asked, found: [] };
  return walk;
}

/** Tells own points from `from` on. */
function tellPoints({ run, of, which, part }: Walk, from: number): void {
  const values = part.columns.map((column) => new Float32Array(column.subarray(from, part.done)));
  tell(
    { kind: 'points', run, of, which, from, values },
    values.map(({ buffer }) => buffer),
  );
}

/** Evaluates what a slice of time allows, and comes back for the rest. */
function go(at: Walk): void {
  if (walk !== at) return;
  const { part, run } = at;
  const from = part.done;
  part.advance(until(SLICE_MS));
  tellPoints(at, from);
  if (part.complete) find(at);
  else later(run, () => go(at));
}

/** The front of the own points; the first worker waits for those of the others. */
function find(at: Walk): void {
  const { run, which, asked, part, limits } = at;
  const found: Found = { run, which, asked, ...part.front(limits) };
  if (which === 0) take(at, found);
  else tell({ kind: 'found', ...found }, [found.points.buffer, found.costs.buffer]);
}

function take(at: Walk, own: Found): void {
  const { run, of, asked, found, part } = at;
  found[own.which] = own;
  const current = found.filter((one) => one?.asked === asked);
  if (current.length < of) return;
  const { front, counts } = together(current, part.space.plan.objectives.length);
  tell({ kind: 'front', run, front, counts }, [front.buffer]);
}

function attempt(run: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    tell({ kind: 'failed', run, details: error.details });
  }
}

/** Lets other messages in before. */
const later = (run: number, work: () => void): void => {
  setTimeout(() => attempt(run, work), 0);
};

/** Takes up what a page asks of a space. */
export function explored(data: Asked): void {
  const { run } = data;
  attempt(run, () => {
    if (data.kind === 'limits' || data.kind === 'found') {
      if (walk?.run !== run) return;
      if (data.kind === 'found') return take(walk, data);
      walk.limits = data.limits;
      walk.asked = data.asked;
      if (walk.part.complete) find(walk);
      return;
    }
    walk = undefined;
    if (data.kind === 'file') {
      void read(data);
      return;
    }
    const at = begin(data, data.plan, data);
    tell({ kind: 'coarse', run, ...at.part.sample(until(COARSE_MS)) });
    later(run, () => go(at));
  });
}

/** A file of points is shown as it is, if it holds them all; of a sample the space is evaluated again. */
async function read(asked: Extract<Asked, { kind: 'file' }>): Promise<void> {
  const { run, name, bytes } = asked;
  const { columnsFrom, headOf, rowsOf } = await import('../../src/explore/parquet.ts');
  try {
    const { plan, searched } = headOf(new Uint8Array(bytes), name);
    const at = begin(asked, plan);
    if (searched !== undefined) {
      go(at);
      return;
    }
    const { part } = at;
    const names = part.walker.metrics.map(({ name: metric }) => metric);
    const rows = columnsFrom(await rowsOf(new Uint8Array(bytes)), names);
    for (const [k, column] of rows.values.entries())
      for (const [i, index] of rows.index.entries()) part.columns[k][index] = column[i];
    for (const outcome of rows.outcome) if (outcome === 'unbuildable') part.unbuildable++;
    part.done = part.space.size;
    part.excluded = part.done - rows.index.length;
    tellPoints(at, 0);
    find(at);
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    tell({ kind: 'failed', run, details: error.details });
  }
}
