import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dice } from './mutate.ts';
import { targetFor } from './targets/index.ts';
import type { Done, Job, Report } from './worker.ts';

/** No input may take longer, in seconds of computing, or more memory. */
export const MOST_SECONDS = 5;
export const MOST_BYTES = 2 ** 30;

export interface Fault {
  index: number;
  target: string;
  why: string;
}

export interface Tally {
  tried: number;
  accepted: number;
  refused: number;
}

export interface FuzzResult {
  tallies: Map<string, Tally>;
  faults: Fault[];
}

export interface FuzzOptions {
  seed: number;
  inputs: number;
  /** First input: with `inputs: 1`, one of an earlier run alone. */
  from?: number;
  /** The only readers to try. */
  only?: readonly string[];
  onReport?: (report: Report) => void;
}

/** How often time and memory are looked at. */
const WATCH_MS = 100;

/** Tries `inputs` hostile inputs, the same for the same seed, on all readers. */
export async function fuzz({ seed, inputs, from = 0, only, onReport }: FuzzOptions): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-fuzz-'));
  const faults: Fault[] = [];
  const tallies = new Map<string, Tally>();
  /** Faults that a worker reported; of the others it was stopped. */
  let reported = 0;
  const end = from + inputs;
  const nameOf = (index: number): string => targetFor(dice(seed, index), only).name;
  const fault = (index: number, why: string): void => {
    const report: Report = { index, target: nameOf(index), kind: 'fault', why };
    faults.push({ index, target: report.target, why });
    onReport?.(report);
  };
  try {
    for (let next = from; next < end; ) {
      const at = new Int32Array(new SharedArrayBuffer(8));
      const job: Job = { seed, from: next, to: end, only, folder, at };
      const stopped = await watch(job, (report) => {
        const tally = tallies.get(report.target) ?? { tried: 0, accepted: 0, refused: 0 };
        tallies.set(report.target, tally);
        tally.tried += 1;
        if (report.kind === 'fault') {
          faults.push({ ...report, why: report.why ?? '' });
          reported += 1;
        } else tally[report.kind] += 1;
        onReport?.(report);
      });
      if (stopped !== undefined) fault(at[0], stopped);
      next = stopped === undefined ? end : at[0] + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const tried = [...tallies.values()].reduce((sum, tally) => sum + tally.tried, 0);
  const stopped = faults.length - reported;
  if (tried + stopped < inputs)
    throw new Error(`${inputs} inputs were to be tried, and ${tried + stopped} were`);
  return { tallies, faults };
}

/** Runs a worker to its end, or until an input takes too long or too much: the reason is returned. */
function watch(job: Job, onReport: (report: Report) => void): Promise<string | undefined> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: job });
  let [seen, begun] = [-1, process.cpuUsage()];
  let base = process.memoryUsage.rss();
  return new Promise((resolve) => {
    let ended = false;
    const end = (reason: string | undefined): void => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      void worker.terminate().then(() => resolve(reason));
    };
    const timer = setInterval(() => {
      if (job.at[1] !== seen) {
        [seen, begun] = [job.at[1], process.cpuUsage()];
        base = Math.min(base, process.memoryUsage.rss());
        return;
      }
      const { user, system } = process.cpuUsage(begun);
      const seconds = (user + system) / 1e6;
      const bytes = process.memoryUsage.rss() - base;
      if (seconds > MOST_SECONDS) end(`more than ${MOST_SECONDS} s`);
      else if (bytes > MOST_BYTES) end(`${(bytes / 2 ** 20).toFixed(0)} MiB`);
    }, WATCH_MS);
    worker.on('message', (message: Report | Done) => {
      if (message === 'done') end(undefined);
      else onReport(message);
    });
    worker.on('error', (error) => end(`the worker ended: ${error.stack ?? error.message}`));
    // Node's status 13: the input waits for something that never comes.
    worker.on('exit', (status) =>
      end(`the worker ended by itself, status ${status}${status === 13 ? ': it waits for ever' : ''}`),
    );
  });
}
