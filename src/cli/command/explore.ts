import type { Command } from 'commander';
import type { Result } from '../../explore/result.ts';
import { spaceSchema } from '../../explore/space/schema.ts';
import { Space } from '../../explore/space/space.ts';
import { writableFile } from '../../files/write.ts';
import { textWidth } from '../../present/terminal.ts';
import { readResultFile, writeResultFile } from '../../scale/points-file.ts';
import { digestOf } from '../../scale/store.ts';
import { quoted } from '../../question/shell.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import type { FlagsOf } from '../options/flag.ts';
import { oneSpace, refuseIdleRun, refuseIdleShow, resultFile } from '../options/explore-idle.ts';
import { csvFlag, jsonFlag, output, print, remark } from '../options/output.ts';
import { ENVIRONMENT_KEYS, PRICE_KEYS, USE_KEYS } from '../../question/question.ts';
import { questionFlags } from '../options/question-options.ts';
import { EXPLORE_FLAGS, spaceOf } from '../options/space-flags.ts';
import { announce } from '../options/written.ts';
import { writeFiles } from '../show/explore-files.ts';
import { frontRows, resultJson, resultText } from '../show/explore.ts';
import { lossMeter } from '../source/loss.ts';
import { exhausted, type Found, searched, searchOf } from '../source/search.ts';
import { planFrom } from '../source/space.ts';

const QUESTION_KEYS = [...USE_KEYS, ...PRICE_KEYS, ...ENVIRONMENT_KEYS];
const QUESTION_FLAGS = questionFlags(QUESTION_KEYS);
const FLAGS = [
  ...EXPLORE_FLAGS,
  jsonFlag('print one JSON object'),
  csvFlag('print one CSV row a design of the front'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'explore',
    description:
      'The best designs of a space: every combination of parameters evaluated, and the front of those that none beats',
    arguments: [
      {
        name: '[space]',
        help: 'a space file in YAML or JSON, the JSON itself, or show',
        offer: { words: () => ['show'], paths: 'files' },
      },
      { name: '[file]', help: 'behind show: a result that --parquet wrote', offer: { paths: 'files' } },
    ],
    flags: [...QUESTION_FLAGS, ...FLAGS],
    examples: [
      "mugi explore --model llama-2-7b --batch 4 --vary 'height=32..512:32,sram.*=16,32,64' --within 'area_mm2<=3'",
      'mugi explore --designs sa-16,sa-f-16 --vary shape=4x64,8x32,16x16,32x8 --minimise energy_per_token,area',
      'mugi explore --vary row_sum=bf16,bf16-cascade,chain=64,256 --minimise loss,energy_per_token --loss-tokens 2048',
      'mugi explore space.yaml --json',
      'mugi explore space.yaml --store points --shard 3/8',
      'mugi explore --schema > space.schema.json',
    ],
    run: ({ words: [path, file], flags, given }) =>
      path === 'show' ? show(file, flags, given) : run({ path, second: file }, flags, given),
  });

async function run(
  { path, second }: { path?: string; second?: string },
  flags: Flags,
  given: ReadonlySet<string>,
): Promise<void> {
  oneSpace(second);
  if (flags.schema === true) return print(`${JSON.stringify(spaceSchema(), null, 2)}\n`);
  const plan = planFrom(path, spaceOf(flags, QUESTION_KEYS));
  const space = new Space(plan);
  const searching = searchOf(plan, space);
  refuseIdleRun(given, {
    searched: searching !== undefined,
    slurm: flags.slurm === true,
    loss: plan.loss !== undefined,
  });
  if (flags.parquet !== undefined) writableFile(flags.parquet);
  const meter = flags.shard === undefined ? await lossMeter(plan, flags.fresh) : undefined;
  const found: Found | undefined =
    searching === undefined
      ? await exhausted(space, flags, meter)
      : { result: await searched(space, searching, meter) };
  if (found === undefined) return;
  const { result, store, remove } = found;
  if (flags.parquet !== undefined) {
    await writeResultFile(flags.parquet, result, store);
    announce(flags.parquet);
  }
  await shown(result, digestOf(plan), flags);
  remove?.();
}

/** A result that an earlier run wrote. */
async function show(file: string | undefined, flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const path = resultFile(file);
  refuseIdleShow(given, [...QUESTION_FLAGS, ...FLAGS]);
  const { digest, mugi, ...result } = await readResultFile(path);
  if (mugi !== version) remark(`the points were found by mugi ${mugi}; the front is evaluated by ${version}`);
  return shown(result, digest, flags);
}

async function shown(result: Result, digest: string, flags: Flags): Promise<void> {
  await writeFiles(flags, result, ['mugi', ...process.argv.slice(2)].map(quoted).join(' '));
  output(flags, {
    json: () => resultJson(result, digest),
    csv: () => frontRows(result),
    text: () => resultText(result, { width: textWidth(), most: flags.rows }),
  });
}
