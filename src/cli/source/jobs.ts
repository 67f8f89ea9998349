import { join, resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { cacheFolder } from '../../files/cache.ts';
import { type FileKind, readText } from '../../files/read.ts';
import { keyOf } from '../../files/state.ts';
import { removeFolder } from '../../files/write.ts';
import { withStages } from '../../present/progress.ts';
import { type Job, jobsOf, jobText, withOutputs } from '../../scale/job-list.ts';
import { JobStore, type Outcome, runJobs } from '../../scale/jobs.ts';
import { onSlurm } from '../../scale/slurm.ts';
import { type CommandEntry, definitionOf } from '../options/command.ts';
import { remark } from '../options/output.ts';
import { taskCommand } from './task-command.ts';

const LIST: FileKind = {
  what: 'list of jobs',
  limit: 16 * 2 ** 20,
  expected: 'a text with one mugi command a line',
};

/** Commands that talk to somebody, follow others, or whose status is their answer. */
const NO_JOBS = ['serve', 'mcp', 'studio', 'completion', 'jobs', 'diff'];

export interface JobFlags {
  command?: string[];
  store?: string;
  shard?: { index: number; of: number };
  merge?: true;
  slurm?: true;
  shards?: number;
  partition?: string;
  threads?: number;
}

/** A job with what became of it. */
export type Ended = Job & { outcome: Outcome };

/** The jobs that a file and flags list. */
export async function listed(
  path: string | undefined,
  { command = [] }: JobFlags,
  all: readonly CommandEntry[],
): Promise<Job[]> {
  const jobs = written(path, command, all);
  const flags = new Map<string, ReadonlySet<string>>();
  for (const entry of all)
    if (jobs.some(({ words: [name] }) => name === entry.name))
      flags.set(entry.name, await writingFlags(entry, all));
  return jobs.map((job) => withOutputs(job, flags.get(job.words[0])!));
}

/** Flags of a command behind which stand paths that it writes. */
async function writingFlags({ load }: CommandEntry, all: readonly CommandEntry[]): Promise<Set<string>> {
  const program = new Command();
  (await load()).define(program, all);
  const { flags } = definitionOf(program.commands[0])!;
  return new Set(flags.filter(({ reader }) => reader?.writes === true).map(({ name }) => name));
}

function written(path: string | undefined, command: string[], all: readonly CommandEntry[]): Job[] {
  const names = all.map(({ name }) => name).filter((name) => !NO_JOBS.includes(name));
  if (path !== undefined && command.length > 0)
    throw new MugiError({
      code: 'invalid-value',
      message: '`command` and a file both list jobs',
      path: 'command',
      expected: 'one of the two',
    });
  if (path === undefined) return jobsOf(command, names, () => 'command');
  return jobsOf(readText(path, LIST).split('\n'), names, (line) => `${path}:${line}`);
}

/** Does what is left of some jobs; nothing where shards are left to others. */
export async function ended(
  jobs: readonly Job[],
  flags: JobFlags,
): Promise<{ all: Ended[]; remove(): void } | undefined> {
  const { store: folder, shard, merge } = flags;
  const temporary = join(cacheFolder(), `jobs-${keyOf(jobs.map(jobText))}`);
  const store = new JobStore(folder ?? temporary);
  const resumed = jobs.filter((job) => store.has(job)).length;
  if (resumed > 0 && merge !== true) remark(`resuming: ${resumed} of ${jobs.length} jobs have their results`);
  if (merge === true) refuseMissing(jobs, store);
  else if (flags.slurm === true) await slurm(jobs, store, flags);
  else await here(jobs, store, flags);
  const left = jobs.filter((job) => !store.hasEnded(job)).length;
  if (left > 0) {
    remark(`shard ${shard?.index} of ${shard?.of} is done; ${left} jobs are left to others`);
    return undefined;
  }
  return {
    all: jobs.map((job) => ({ ...job, outcome: store.read(job) })),
    remove: () => (folder === undefined ? removeFolder(temporary) : undefined),
  };
}

async function here(jobs: readonly Job[], store: JobStore, { shard, threads }: JobFlags): Promise<void> {
  const mine = shard === undefined ? jobs : jobs.filter((_, i) => i % shard.of === shard.index - 1);
  for (const job of mine) store.forget(job);
  await withStages({ jobs: { label: 'jobs', unit: 'jobs' } }, (report) =>
    runJobs(mine, store, {
      threads: threads ?? availableParallelism(),
      report: (done, total) => report('jobs', done, total),
    }),
  );
}

async function slurm(jobs: readonly Job[], store: JobStore, { shards, partition }: JobFlags): Promise<void> {
  const of = Math.min(shards ?? 100, jobs.length);
  for (const job of jobs) store.forget(job);
  await onSlurm({
    name: 'jobs',
    command: taskCommand(),
    merge: ['--merge', '--out', join(resolve(store.folder), 'merged.json')],
    cwd: process.cwd(),
    shards: of,
    logs: resolve(store.folder),
    ...(partition === undefined ? {} : { partition }),
    missing: () => jobs.flatMap((job, i) => (store.hasEnded(job) ? [] : [(i % of) + 1])),
    say: remark,
  });
}

function refuseMissing(jobs: readonly Job[], store: JobStore): void {
  const missing = jobs.filter((job) => !store.hasEnded(job));
  if (missing.length === 0) return;
  throw new MugiError({
    code: 'missing-file',
    message: `${missing.length} of ${jobs.length} jobs have no result`,
    path: store.folder,
    expected: 'the results of all shards; the same command without --merge does what is missing',
    received: `nothing of ${jobText(missing[0])}`,
  });
}
