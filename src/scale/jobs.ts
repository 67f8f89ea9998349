import { spawn } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorDetails } from '../errors.ts';
import { announceOnInterrupt, silentOnInterrupt } from '../files/interrupt.ts';
import { kindAt, namesIn, readBytes, readJson } from '../files/read.ts';
import { keyOf } from '../files/state.ts';
import { makeFolder, writeFileAtomic } from '../files/write.ts';
import { version } from '../version.ts';
import { type Job, jobText } from './job-list.ts';

/** What became of a job: what its command printed as JSON, or what it said instead. */
export type Outcome = { result: unknown } | { error: ErrorDetails };

const KIND = { what: 'result of a job', limit: 2 ** 30 };
/** Files up to this size are known by what is in them, larger ones by size and date. */
const READ = 64 * 2 ** 20;
/** Times that a command is started again which a signal ended. */
const STARTS = 3;

/**
 * Results of jobs, one file each, named by the digest of the command, this version, and the files that its words name. A
 * file is there whole or not at all: what is missing is what is left to do.
 */
export class JobStore {
  readonly folder: string;
  readonly #keys = new Map<Job, string>();
  readonly #files = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    makeFolder(folder);
  }

  keyOf(job: Job): string {
    const known = this.#keys.get(job);
    if (known !== undefined) return known;
    // What it writes itself is there behind it, and not before.
    const { writes = [] } = job;
    const read = job.words.filter(
      (word) => !writes.some((path) => word === path || word.endsWith(`=${path}`)),
    );
    const pieces = read.flatMap((word) => word.split(/[=,]/));
    const key = keyOf(['job', job.words, pieces.map((piece) => this.#digest(piece))]);
    this.#keys.set(job, key);
    return key;
  }

  #path(job: Job, kind: 'result' | 'error'): string {
    return join(this.folder, `${this.keyOf(job)}${kind === 'error' ? '.error' : ''}.json`);
  }

  /** Whether its result is there, and the files that it writes. */
  has(job: Job): boolean {
    const written = (job.writes ?? []).every((path) => kindAt(path) !== 'nothing');
    return written && kindAt(this.#path(job, 'result')) === 'file';
  }

  /** Whether nothing is left to do: there is a result, or an error that the same command would make again. */
  hasEnded(job: Job): boolean {
    return this.has(job) || kindAt(this.#path(job, 'error')) === 'file';
  }

  /** Forgets an error, so that the job is tried again. */
  forget(job: Job): void {
    rmSync(this.#path(job, 'error'), { force: true });
  }

  write(job: Job, outcome: Outcome): void {
    const kind = 'result' in outcome ? 'result' : 'error';
    writeFileAtomic(
      this.#path(job, kind),
      JSON.stringify({ mugi: version, command: jobText(job), ...outcome }),
    );
  }

  read(job: Job): Outcome {
    return readJson(this.#path(job, this.has(job) ? 'result' : 'error'), KIND) as Outcome;
  }

  /** What is in a file that a word names; nothing for other words. */
  #digest(word: string): string {
    const known = this.#files.get(word);
    if (known !== undefined) return known;
    const digest = digestOfPath(word);
    this.#files.set(word, digest);
    return digest;
  }
}

function digestOfPath(path: string): string {
  const kind = path === '' ? 'nothing' : kindAt(path);
  if (kind === 'file') {
    const { size, mtimeMs } = statSync(path);
    if (size > READ) return `${size} ${mtimeMs}`;
    return createHash('sha256').update(readBytes(path, KIND)).digest('hex');
  }
  if (kind !== 'folder') return '';
  return namesIn(path, 'folder')
    .files.map((name) => {
      const { size, mtimeMs } = statSync(join(path, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .join();
}

/** This program, from the sources or compiled. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../bin/mugi.js' : '../../../bin/mugi.js', import.meta.url),
);

export interface RunJobs {
  /** Jobs at once. */
  threads: number;
  /** Called when a job has ended. */
  report?: (done: number, total: number) => void;
}

/** Runs every job that has not ended yet, each as a process of its own, and keeps what it prints. */
export async function runJobs(
  jobs: readonly Job[],
  store: JobStore,
  { threads, report }: RunJobs,
): Promise<void> {
  const waiting = jobs.filter((job) => !store.hasEnded(job));
  const total = waiting.length;
  let done = 0;
  announceOnInterrupt();
  const one = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      store.write(job, await outcomeOf(job, store.folder));
      report?.(++done, total);
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, total) }, one));
  silentOnInterrupt();
}

async function outcomeOf(job: Job, folder: string): Promise<Outcome> {
  for (let start = 1; ; start++) {
    const { status, signal, out, said } = await started(job, folder);
    if (status === 0) {
      try {
        return { result: JSON.parse(out) as unknown };
      } catch {
        return failure(job, `it printed no JSON: ${out.slice(0, 80)}`);
      }
    }
    // A killed process (out of memory, say) may end well the next time; its own finished work is kept.
    if (signal === null) return { error: errorIn(said) ?? failure(job, said.slice(-500)).error };
    if (start === STARTS) return failure(job, `${signal} ended it ${STARTS} times`);
  }
}

const failure = (job: Job, message: string): { error: ErrorDetails } => ({
  error: { code: 'internal', message, path: jobText(job) },
});

/** The error that a command said as JSON, behind its remarks. */
function errorIn(said: string): ErrorDetails | undefined {
  const line = said.trim().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(line) as { error?: ErrorDetails }).error;
  } catch {
    return undefined;
  }
}

/** What is kept of what a job says; results are on standard output. */
const MOST_SAID = 100_000;

function started(
  { words }: Job,
  folder: string,
): Promise<{ status: number | null; signal: string | null; out: string; said: string }> {
  return new Promise((resolve) => {
    // Unfinished work of a job lies beside the results, where any node can take it up. The channel ends it with this process.
    const child = spawn(process.execPath, [PROGRAM, ...words, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, MUGI_CACHE: process.env.MUGI_CACHE ?? join(folder, 'cache') },
    });
    const out: Buffer[] = [];
    let said = '';
    child.stdout!.on('data', (data: Buffer) => out.push(data));
    child.stderr!.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-MOST_SAID);
    });
    child.on('error', ({ message }) => resolve({ status: 1, signal: null, out: '', said: message }));
    child.on('close', (status, signal) =>
      resolve({ status, signal, out: Buffer.concat(out).toString(), said }),
    );
  });
}
