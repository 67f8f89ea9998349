import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { chunkOf, type Range, rangesOf } from '../explore/chunk.ts';
import type { Space } from '../explore/space/space.ts';
import { type Tally, together } from '../explore/tally.ts';
import { Walker } from '../explore/walk.ts';
import { announceOnInterrupt, silentOnInterrupt } from '../files/interrupt.ts';
import { fromThread } from '../errors.ts';
import { Store } from './store.ts';
import type { Membership, Message } from './worker.ts';

export interface RunOptions {
  /** Where finished chunks lie; none: what is small enough is computed again. */
  folder: string | undefined;
  threads?: number;
  /** This shard of so many, from 1: every `of`-th chunk. */
  shard?: { index: number; of: number };
  /** Called now and then with points done, points of this run, and the size of the largest front so far. */
  report?: (done: number, total: number, front: number) => void;
}

export interface Run {
  /** Of all points; absent where other shards are left to do. */
  tally?: Tally;
  /** Chunks that an earlier run had finished, those of this run, and those that are left to other shards. */
  resumed: number;
  finished: number;
  left: number;
  store?: Store;
}

/** Spaces of up to so many points are evaluated on one thread: further ones would begin when it has ended. */
const ALONE = 60_000;

/** Evaluates every point of a space, or of a shard of it, that has not been evaluated yet. */
export async function explore(space: Space, options: RunOptions): Promise<Run> {
  const { folder, shard, report = () => {} } = options;
  const ranges = rangesOf(space.size);
  const walker = new Walker(space);
  const names = walker.metrics.map(({ name }) => name);
  const store = folder === undefined ? undefined : new Store(folder, space, names);
  const mine = shard === undefined ? ranges : ranges.filter((_, i) => i % shard.of === shard.index - 1);
  const todo = store === undefined ? mine : mine.filter((range) => !store.has(range));
  const points = todo.reduce((sum, { from, to }) => sum + to - from, 0);
  const found = new Map<number, Tally>();
  const threads = Math.min(options.threads ?? availableParallelism(), todo.length);
  if (store !== undefined && threads > 1 && points > ALONE) {
    announceOnInterrupt();
    await onThreads(space, store.folder, todo, threads, found, (done, front) => report(done, points, front));
    silentOnInterrupt();
  } else {
    let before = 0;
    if (store !== undefined && todo.length > 1) announceOnInterrupt();
    for (const range of todo) {
      const chunk = chunkOf(space, range, walker, (done, front) => report(before + done, points, front));
      store?.write(range, chunk);
      found.set(range.from, chunk.tally);
      before += range.to - range.from;
      // A signal is heard between two chunks.
      await new Promise((resolve) => setImmediate(resolve));
    }
    silentOnInterrupt();
  }
  const resumed = mine.length - todo.length;
  const left =
    store === undefined ? 0 : ranges.filter((range) => !found.has(range.from) && !store.has(range)).length;
  const run = { resumed, finished: todo.length, left, ...(store === undefined ? {} : { store }) };
  if (left > 0) return run;
  return { ...run, tally: mergedOf(ranges, (range) => found.get(range.from) ?? store!.tally(range)) };
}

/** Tallies of all ranges in their order, so that no thread and no shard changes a bit. */
function mergedOf(ranges: readonly Range[], tallyOf: (range: Range) => Tally): Tally {
  return ranges.map(tallyOf).reduce(together);
}

function onThreads(
  { plan }: Space,
  folder: string,
  todo: readonly Range[],
  threads: number,
  found: Map<number, Tally>,
  report: (done: number, front: number) => void,
): Promise<void> {
  const waiting = [...todo];
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const doing = new Map<Worker, number>();
  let finished = 0;
  let front = 0;
  return new Promise((resolve, reject) => {
    const end = (error?: unknown): void => {
      for (const worker of doing.keys()) void worker.terminate();
      if (error === undefined) resolve();
      else reject(error as Error);
    };
    const next = (worker: Worker): void => {
      const range = waiting.shift();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
      if (range !== undefined) worker.postMessage(range);
      else {
        void worker.terminate();
        doing.delete(worker);
        if (doing.size === 0) end();
      }
    };
    for (let i = 0; i < threads; i++) {
      const workerData: Membership = { plan, folder };
      const worker = new Worker(new URL(`./worker${extension}`, import.meta.url), { workerData });
      doing.set(worker, 0);
      worker.on('error', (error) => end(fromThread(error)));
      worker.on('message', (message: Message) => {
        if ('range' in message) {
          const { range, tally } = message;
          found.set(range.from, tally);
          finished += range.to - range.from;
          front = Math.max(front, tally.front.length);
          doing.set(worker, 0);
          next(worker);
        } else {
          doing.set(worker, message.done);
          front = Math.max(front, message.front);
        }
        report(
          [...doing.values()].reduce((sum, done) => sum + done, finished),
          front,
        );
      });
      next(worker);
    }
  });
}
