import { spawnSync } from 'node:child_process';
import { MugiError } from '../errors.ts';
import { quoted } from '../question/shell.ts';

/**
 * A command as one job array of Slurm, each task a shard of it, and a job behind it that merges. What a task has finished lies in
 * the store: a task that was killed, which Slurm does not send again, is noticed by what is missing there.
 */
export interface SlurmOptions {
  /** Name of the jobs behind `mugi-`. */
  name: string;
  /** Words of the command, `mugi` included, without a shard; `--store` is among them. */
  command: readonly string[];
  /** Words behind it with which it merges what all shards have left in the store. */
  merge: readonly string[];
  /** Folder that all nodes see, in which the command runs. */
  cwd: string;
  /** Shards, at most: Slurm's default for an array is 1000 tasks. */
  shards: number;
  partition?: string;
  /** Where what tasks say is kept. */
  logs: string;
  /** What is not finished, piece by piece: the shard of each, from 1. */
  missing(): number[];
  /** Called when something happens that a user should know of. */
  say(text: string): void;
  /** Between two looks at the queue. */
  wait?: number;
}

/** Times that missing shards are sent again though none of their pieces has been finished. */
const ROUNDS = 10;
/** Looks at a controller that does not answer, before it is given up: some ten minutes. */
const PATIENCE = 300;

/** Submits, follows, and sends again what did not finish, until nothing is missing. */
export async function onSlurm(options: SlurmOptions): Promise<void> {
  const { missing, say, wait = 2000 } = options;
  let [before, idle] = [Infinity, 0];
  for (let round = 0; ; round++) {
    const pieces = missing();
    const left = [...new Set(pieces)].sort((a, b) => a - b);
    if (left.length === 0) return;
    idle = pieces.length < before ? 0 : idle + 1;
    before = pieces.length;
    if (idle === ROUNDS)
      throw new MugiError({
        code: 'unsupported',
        message: `${left.length} shards failed ${ROUNDS} times on Slurm without getting on`,
        path: 'slurm',
        expected: `tasks that finish; what they said is in ${options.logs}`,
      });
    if (round > 0) say(`${left.length} of ${options.shards} shards were lost on Slurm; sent again`);
    const job = await submit(options, left, wait);
    say(`submitted job ${job}: ${left.length} shards`);
    await merge(options, job, wait);
    await ended(job, wait);
  }
}

/** The words of a job, for the shell that runs it. */
const line = (words: readonly string[]): string => words.map(quoted).join(' ');

function submit(options: SlurmOptions, shards: readonly number[], wait: number): Promise<string> {
  const { command, shards: of } = options;
  return sbatch(
    options,
    [
      `--job-name=mugi-${options.name}`,
      `--array=${listed(shards)}`,
      '--requeue',
      `--output=${options.logs}/slurm-%A_%a.log`,
    ],
    `${line(command)} --threads "\${SLURM_CPUS_ON_NODE:-1}" --shard "\${SLURM_ARRAY_TASK_ID}/${of}"`,
    wait,
  );
}

/** Behind the array, however it ends: the result is there without the follower, unless a part is missing. */
const merge = (options: SlurmOptions, job: string, wait: number): Promise<string> =>
  sbatch(
    options,
    [
      '--job-name=mugi-merge',
      `--dependency=afterany:${job}`,
      '--requeue',
      `--output=${options.logs}/slurm-merge-%j.log`,
    ],
    line([...options.command, ...options.merge]),
    wait,
  );

async function sbatch(
  { cwd, partition }: SlurmOptions,
  more: readonly string[],
  job: string,
  wait: number,
): Promise<string> {
  const where = partition === undefined ? [] : [`--partition=${partition}`];
  for (let tries = 0; ; tries++) {
    const { status, stdout, stderr, error } = spawnSync(
      'sbatch',
      ['--parsable', `--chdir=${cwd}`, ...where, ...more, '--wrap', job],
      { encoding: 'utf8' },
    );
    if (error !== undefined)
      throw new MugiError({
        code: 'missing-tool',
        message: 'sbatch of Slurm is not here',
        path: 'slurm',
        expected: 'a machine that submits to Slurm, or `shard` i/n under another scheduler',
      });
    if (status === 0) return stdout.trim().split(';')[0];
    if (!silent(stderr) || tries >= PATIENCE)
      throw new MugiError({
        code: 'unsupported',
        message: 'Slurm does not take the job',
        path: 'slurm',
        received: stderr,
      });
    await sleep(wait);
  }
}

/** Waits until a job is no longer in the queue. */
async function ended(job: string, wait: number): Promise<void> {
  for (let deaf = 0; deaf < PATIENCE; ) {
    await sleep(wait);
    const { status, stdout, stderr } = spawnSync('squeue', ['-h', '-j', job, '-o', '%T'], {
      encoding: 'utf8',
    });
    if (status === 0) {
      deaf = 0;
      if (stdout.trim() === '') return;
    } else if (silent(stderr)) deaf++;
    // A job that ended some minutes ago is no longer known.
    else return;
  }
  throw new MugiError({
    code: 'unsupported',
    message: 'the controller of Slurm does not answer',
    path: 'slurm',
    expected: 'the same command again, which goes on from what is finished',
  });
}

/** Whether a client says that the controller does not answer, which it may do again. */
const silent = (stderr: string): boolean =>
  /unable to contact|connection refused|communication|timed out|socket/i.test(stderr);

/** `1,2,3,7` as `1-3,7`. */
function listed(shards: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const shard of shards) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === shard - 1) last[1] = shard;
    else runs.push([shard, shard]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
