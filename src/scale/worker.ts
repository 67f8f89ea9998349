/** A thread that evaluates ranges of a space: `run.ts` sends them one by one. */
import { parentPort, workerData } from 'node:worker_threads';
import { chunkOf, type Range } from '../explore/chunk.ts';
import type { Plan } from '../explore/space/plan.ts';
import { Space } from '../explore/space/space.ts';
import type { Tally } from '../explore/tally.ts';
import { Walker } from '../explore/walk.ts';
import { Store } from './store.ts';

export interface Membership {
  plan: Plan;
  folder: string;
}

/** What a thread says: how far it is, or what it has found in a range, whose file is written. */
export type Message = { done: number; front: number } | { range: Range; tally: Tally };

const { plan, folder } = workerData as Membership;
const space = new Space(plan);
const walker = new Walker(space);
const store = new Store(
  folder,
  space,
  walker.metrics.map(({ name }) => name),
);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
const say = (message: Message): void => parentPort!.postMessage(message);

parentPort!.on('message', (range: Range) => {
  const chunk = chunkOf(space, range, walker, (done, front) => say({ done, front }));
  store.write(range, chunk);
  say({ range, tally: chunk.tally });
});
