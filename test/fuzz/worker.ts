import { parentPort, workerData } from 'node:worker_threads';
import { dice } from './mutate.ts';
import { outcomeOf } from './outcome.ts';
import { targetFor } from './targets/index.ts';

/** Tries inputs one after the other, and says of each what it came to; the other side watches time and memory. */
export interface Job {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly only?: readonly string[];
  readonly folder: string;
  /** The input that is being tried, for the other side. */
  readonly at: Int32Array;
}

export interface Report {
  readonly index: number;
  readonly target: string;
  readonly kind: 'accepted' | 'refused' | 'fault';
  readonly why?: string;
}

/** Says that every input was tried. */
export type Done = 'done';

const { seed, from, to, only, folder, at } = workerData as Job;
const port = parentPort!;
for (let index = from; index < to; index++) {
  const chance = dice(seed, index);
  const target = targetFor(chance, only);
  at[0] = index;
  Atomics.add(at, 1, 1);
  const outcome = await outcomeOf(() => target.try(chance, folder));
  const why = outcome.kind === 'fault' ? outcome.why : undefined;
  port.postMessage({ index, target: target.name, kind: outcome.kind, why } satisfies Report);
}
// Behind the last report: a worker that ends without it has not tried all of its inputs.
port.postMessage('done' satisfies Done);
