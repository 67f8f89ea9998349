import { join, resolve } from 'node:path';
import { MugiError } from '../../errors.ts';
import { MOST_ROWS, rangesOf } from '../../explore/chunk.ts';
import { type Result, resultOf } from '../../explore/result.ts';
import { search } from '../../explore/search.ts';
import { type Plan, SEARCH_DEFAULTS } from '../../explore/space/plan.ts';
import type { Space } from '../../explore/space/space.ts';
import { cacheFolder } from '../../files/cache.ts';
import { removeFolder } from '../../files/write.ts';
import { withStages } from '../../present/progress.ts';
import { explore, type RunOptions } from '../../scale/run.ts';
import { onSlurm } from '../../scale/slurm.ts';
import { digestOf, metricsOfSpace, Store } from '../../scale/store.ts';
import { remark } from '../options/output.ts';
import { taskCommand } from './task-command.ts';
import type { LossMeter } from './loss.ts';

/** Spaces of more points are searched, not exhausted. */
const MOST_POINTS = 200_000_000;
/** What a search evaluates unless told. */
const DEFAULT_BUDGET = 100_000;
/** Below, a space is evaluated again sooner than read. */
const WORTH_KEEPING = 60_000;

/** How a space is searched, where not every point is evaluated. */
export function searchOf({ search: asked }: Plan, { size }: Space): Plan['search'] {
  if (asked !== undefined) return asked;
  if (size <= MOST_POINTS) return undefined;
  remark(
    `${size} points are too many to evaluate all: searching with ${DEFAULT_BUDGET} evaluations (--budget)`,
  );
  return { budget: DEFAULT_BUDGET, ...SEARCH_DEFAULTS };
}

export interface Found {
  result: Result;
  store?: Store;
  /** Removes what was kept for this run alone. */
  remove?: () => void;
}

/** Flags of how a space is exhausted. */
interface Exhausting extends Pick<RunOptions, 'shard' | 'threads'> {
  store?: string;
  slurm?: true;
  merge?: true;
  shards?: number;
  partition?: string;
}

/** Lets Slurm evaluate a space into a store. */
async function slurm(space: Space, folder: string, { shards, partition }: Exhausting): Promise<void> {
  const store = new Store(folder, space, metricsOfSpace(space));
  const ranges = rangesOf(space.size);
  const of = Math.min(shards ?? 100, ranges.length);
  await onSlurm({
    name: 'explore',
    command: taskCommand(),
    merge: ['--merge', '--parquet', join(resolve(folder), 'result.parquet')],
    cwd: process.cwd(),
    shards: of,
    logs: resolve(folder),
    ...(partition === undefined ? {} : { partition }),
    missing: () => ranges.flatMap((range, i) => (store.has(range) ? [] : [(i % of) + 1])),
    say: remark,
  });
}

function refuseMissing(store: Store): void {
  const missing = store.missing().length;
  if (missing === 0) return;
  throw new MugiError({
    code: 'missing-file',
    message: `${missing} parts of the space are missing`,
    path: store.folder,
    expected: 'the parts of all shards; the same command without --merge evaluates what is missing',
  });
}

export async function exhausted(
  space: Space,
  flags: Exhausting,
  meter?: LossMeter,
): Promise<Found | undefined> {
  const { store, shard, threads } = flags;
  if (flags.slurm === true && store !== undefined) await slurm(space, store, flags);
  if (flags.merge === true && store !== undefined)
    refuseMissing(new Store(store, space, metricsOfSpace(space)));
  const large = space.size > WORTH_KEEPING;
  const temporary =
    store === undefined && large ? join(cacheFolder(), `explore-${digestOf(space.plan)}`) : undefined;
  const found = await withStages({ explore: { label: 'evaluating', unit: 'points' } }, (report) =>
    explore(space, {
      folder: store ?? temporary,
      ...(shard === undefined ? {} : { shard }),
      ...(threads === undefined ? {} : { threads }),
      report: (done, total, front) => report('explore', done, total, 0, `${front} on the front so far`),
    }),
  );
  if (found.resumed > 0) remark(`resuming: ${found.resumed} parts were there already`);
  if (found.tally === undefined) {
    if (shard === undefined)
      throw new MugiError({ code: 'internal', message: `${found.left} parts are missing` });
    remark(`shard ${shard.index} of ${shard.of} is done; ${found.left} parts are left to others`);
    return undefined;
  }
  if (space.size > MOST_ROWS)
    remark('kept of so many points: the front, the best of each objective, samples');
  return {
    result: resultOf(space, found.tally, { raced: await meter?.race(found.tally) }),
    ...(found.store === undefined ? {} : { store: found.store }),
    ...(temporary === undefined ? {} : { remove: () => removeFolder(temporary) }),
  };
}

export async function searched(
  space: Space,
  options: NonNullable<Plan['search']>,
  meter?: LossMeter,
): Promise<Result> {
  const tally = await withStages({ search: { label: 'searching', unit: 'points' } }, (report) =>
    search(
      space,
      options,
      (done, budget, front) => report('search', done, budget, 0, `${front} on the front so far`),
      meter?.briefly,
    ),
  );
  return resultOf(space, tally, { searched: options, raced: await meter?.race(tally) });
}
