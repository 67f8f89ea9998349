import { join } from 'node:path';
import type { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { MOST_ROWS } from '../../explore/chunk.ts';
import { type Result, resultOf } from '../../explore/result.ts';
import { search } from '../../explore/search.ts';
import type { Plan } from '../../explore/space/plan.ts';
import { spaceSchema } from '../../explore/space/schema.ts';
import { Space } from '../../explore/space/space.ts';
import { cacheFolder } from '../../files/cache.ts';
import { removeFolder, writableFile } from '../../files/write.ts';
import { withStages } from '../../present/progress.ts';
import { explore } from '../../scale/run.ts';
import { readResultFile, writeResultFile } from '../../scale/points-file.ts';
import { digestOf, type Store } from '../../scale/store.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import { FILE, flag, type FlagsOf, SWITCH, whole } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { csvFlag, jsonFlag, output, print, remark } from '../options/output.ts';
import { ENVIRONMENT_KEYS, PRICE_KEYS, questionFlags, USE_KEYS } from '../options/question-options.ts';
import { PATH, SEARCH_FLAGS, SHARD, SPACE_FLAGS } from '../options/space-flags.ts';
import { frontRows, resultJson, resultText } from '../show/explore.ts';
import { planFrom } from '../source/space.ts';

/** Spaces of more points are searched, not exhausted. */
const MOST_POINTS = 200_000_000;
/** What a search evaluates unless told. */
const DEFAULT_BUDGET = 100_000;
/** Below, a space is evaluated again sooner than read. */
const WORTH_KEEPING = 60_000;

const QUESTION_FLAGS = questionFlags([...USE_KEYS, ...PRICE_KEYS, ...ENVIRONMENT_KEYS]);
const FLAGS = [
  ...SPACE_FLAGS,
  ...SEARCH_FLAGS,
  flag('--schema', SWITCH, 'print the JSON Schema of space files'),
  flag(
    '--store',
    PATH,
    'folder for finished parts, which a run of the same space takes up (default: in the cache, until the run has ended)',
  ),
  flag('--shard', SHARD, 'evaluate only this share of the parts, into --store', { onlyWith: '--store' }),
  flag('--threads', whole(1, 1024), 'threads (default: one a core)'),
  flag('--rows', whole(1, 100_000), 'rows of the front that are shown', { default: 20 }),
  flag('--parquet', FILE, 'write points and result as one Parquet file, for mugi explore show'),
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
      { name: '[space]', help: 'a space file in YAML or JSON, or show' },
      { name: '[file]', help: 'behind show: a result that --parquet wrote' },
    ],
    flags: [...QUESTION_FLAGS, ...FLAGS],
    examples: [
      "mugi explore --model llama-2-7b --batch 4 --vary 'height=32..512:32,sram.*=16,32,64' --within 'area_mm2<=3'",
      'mugi explore --designs sa-16,sa-f-16 --vary shape=4x64,8x32,16x16,32x8 --minimise energy_per_token,area',
      'mugi explore space.yaml --json',
      'mugi explore space.yaml --store points --shard 3/8',
      'mugi explore --schema > space.schema.json',
    ],
    run: ({ words: [path, file], flags, given }) =>
      path === 'show' ? show(file, flags) : run(path, flags, given),
  });

/** What flags say of the space itself. */
function spaceFlags(flags: Flags): Record<string, unknown> {
  const { model, budget, population, seed } = flags;
  const own = ['designs', 'vary', 'where', 'forbid', 'within', 'minimise', 'maximise'] as const;
  const asked = [...USE_KEYS, ...PRICE_KEYS, ...ENVIRONMENT_KEYS];
  const all = flags as unknown as Record<string, unknown>;
  return {
    ...Object.fromEntries(
      [...own, ...asked].filter((key) => all[key] !== undefined).map((key) => [key, all[key]]),
    ),
    ...(model === undefined ? {} : { models: model }),
    ...(budget === undefined
      ? {}
      : {
          search: {
            budget,
            ...(population === undefined ? {} : { population }),
            ...(seed === undefined ? {} : { seed }),
          },
        }),
  };
}

async function run(path: string | undefined, flags: Flags, given: ReadonlySet<string>): Promise<void> {
  if (flags.schema === true) return print(`${JSON.stringify(spaceSchema(), null, 2)}\n`);
  const plan = planFrom(path, spaceFlags(flags));
  const space = new Space(plan);
  const searching = searchOf(plan, space);
  refuseIdle(given, [
    {
      flags: ['store', 'shard', 'threads'],
      when: searching !== undefined,
      because: 'is for spaces that are exhausted, and this one is searched',
    },
  ]);
  if (flags.parquet !== undefined) writableFile(flags.parquet);
  const found: Found | undefined =
    searching === undefined ? await exhausted(space, flags) : { result: await searched(space, searching) };
  if (found === undefined) return;
  const { result, store, remove } = found;
  if (flags.parquet !== undefined) {
    await writeResultFile(flags.parquet, result, store);
    remark(`wrote ${flags.parquet}`);
  }
  shown(result, digestOf(plan), flags);
  remove?.();
}

/** A result that an earlier run wrote. */
function show(file: string | undefined, flags: Flags): void {
  if (file === undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: 'show needs the file of a result',
      path: 'file',
      expected: 'mugi explore show FILE',
    });
  const { digest, mugi, ...result } = readResultFile(file);
  if (mugi !== version) remark(`the points were found by mugi ${mugi}; the front is evaluated by ${version}`);
  shown(result, digest, flags);
}

function shown(result: Result, digest: string, flags: Flags): void {
  const width = process.stdout.columns ?? (Number(process.env.COLUMNS) || 120);
  output(flags, {
    json: () => resultJson(result, digest),
    csv: () => frontRows(result),
    text: () => resultText(result, { width, most: flags.rows }),
  });
}

/** How a space is searched, where not every point is evaluated. */
function searchOf({ search: asked }: Plan, { size }: Space): Plan['search'] {
  if (asked !== undefined) return asked;
  if (size <= MOST_POINTS) return undefined;
  remark(
    `${size} points are too many to evaluate all: searching with ${DEFAULT_BUDGET} evaluations (--budget)`,
  );
  return { budget: DEFAULT_BUDGET, population: 100, seed: 1 };
}

interface Found {
  result: Result;
  store?: Store;
  /** Removes what was kept for this run alone. */
  remove?: () => void;
}

async function exhausted(space: Space, flags: Flags): Promise<Found | undefined> {
  const { store, shard, threads } = flags;
  const large = space.size > WORTH_KEEPING;
  const temporary =
    store === undefined && large ? join(cacheFolder(), `explore-${digestOf(space.plan)}`) : undefined;
  const found = await withStages({ explore: { label: 'evaluating', unit: 'points' } }, (report) =>
    explore(space, {
      folder: store ?? temporary,
      ...(shard === undefined ? {} : { shard }),
      ...(threads === undefined ? {} : { threads }),
      report: (done, total, front) => report('explore', done, total, `${front} on the front so far`),
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
    result: resultOf(space, found.tally),
    ...(found.store === undefined ? {} : { store: found.store }),
    ...(temporary === undefined ? {} : { remove: () => removeFolder(temporary) }),
  };
}

async function searched(space: Space, options: NonNullable<Plan['search']>): Promise<Result> {
  const tally = await withStages({ search: { label: 'searching', unit: 'points' } }, (report) =>
    search(space, options, (done, budget, front) =>
      report('search', done, budget, `${front} on the front so far`),
    ),
  );
  return resultOf(space, tally, options);
}
