import type { Command } from 'commander';
import { writableFile } from '../../files/write.ts';
import { define as command, type CommandEntry } from '../options/command.ts';
import { flag, type FlagsOf, OUT_FILE, outFolder, SWITCH, whole } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { csvFlag, jsonFlag, output, remark } from '../options/output.ts';
import { more, SHARD, SLURM_FLAGS } from '../options/space-flags.ts';
import { writeResult } from '../options/written.ts';
import { failedOf, jobRows, jobsJson, jobsText } from '../show/jobs.ts';
import { ended, listed } from '../source/jobs.ts';

const FLAGS = [
  flag('--command', more('<line>'), 'a mugi command in the place of a file of them; several times'),
  flag(
    '--store',
    outFolder('<path>'),
    'folder for results, which the same jobs take up (default: in the cache, until all are there)',
  ),
  flag('--shard', SHARD, 'only this share of the jobs, into --store', { onlyWith: '--store' }),
  flag('--merge', SWITCH, 'run nothing: the results that are in --store, which must be all', {
    onlyWith: '--store',
  }),
  ...SLURM_FLAGS,
  flag('--threads', whole(1, 1024), 'jobs at once (default: one a core)'),
  flag('--rows', whole(1, 100_000), 'rows that the table shows', { default: 40 }),
  flag('--out', OUT_FILE, 'write all results as one JSON file'),
  jsonFlag('print one JSON object with every result'),
  csvFlag('print the rows of all results'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command, all: readonly CommandEntry[]): void =>
  command<Flags>(program, {
    name: 'jobs',
    description:
      'Many commands as jobs: accuracy over texts and windows, synthesis over designs; resumable, in shards, on Slurm',
    arguments: [{ name: '[list]', help: 'a text with one mugi command a line', offer: { paths: 'files' } }],
    flags: FLAGS,
    examples: [
      "mugi jobs --command 'accuracy --text {a.txt,b.txt} --windows {auto,w.json}'",
      "mugi jobs --command 'synth --height {8,16} --clock {400,800}' --csv > a.csv",
      'mugi jobs list.txt --store results',
      'mugi jobs list.txt --store results --shard 3/8',
      'mugi jobs list.txt --store results --slurm --shards 100',
    ],
    behind: [
      'A list in braces stands for one command for each of its items: {a,b}, {1k..8k}, {400..800:100}; several for all combinations.',
      'The same command again does what is missing. Ends with 1 where a job has failed.',
    ].join('\n'),
    run: ({ words: [path], flags, given }) => jobs(path, flags, given, all),
  });

async function jobs(
  path: string | undefined,
  flags: Flags,
  given: ReadonlySet<string>,
  all: readonly CommandEntry[],
): Promise<void> {
  refuseIdle(given, [
    { flags: ['merge'], when: flags.slurm === true, because: 'runs nothing, and --slurm runs' },
    { flags: ['shard'], when: flags.slurm === true, because: 'is what --slurm gives each of its tasks' },
    {
      flags: ['shard', 'threads'],
      when: flags.merge === true,
      because: 'is for what runs, and --merge runs nothing',
    },
    { flags: ['threads'], when: flags.slurm === true, because: 'is what Slurm gives each task' },
  ]);
  if (flags.out !== undefined) writableFile(flags.out);
  const found = await ended(await listed(path, flags, all), flags);
  if (found === undefined) return;
  const failed = failedOf(found.all);
  if (flags.out !== undefined) writeResult(flags.out, `${JSON.stringify(jobsJson(found.all))}\n`);
  output(flags, {
    json: () => jobsJson(found.all),
    csv: () => jobRows(found.all),
    text: () => jobsText(found.all, flags.rows),
  });
  for (const { job, error } of failed) remark(`failed: mugi ${job.words.join(' ')}: ${error.message}`);
  if (failed.length > 0) process.exitCode = 1;
  else found.remove();
}
