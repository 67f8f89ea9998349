import { MugiError } from '../../errors.ts';
import { designsText, modelsText, variedText } from '../../explore/space/flag-texts.ts';
import { DEFAULT_MODEL, EMBEDDED_MODELS } from '../../model/embedded.ts';
import { FILE, flag, OUT_FILE, outFolder, type Reader, SWITCH, text, whole } from './flag.ts';
import { listOffer } from './question-options.ts';

/** Texts that add up where a flag is given more than once. */
export const more = (argument: string): Reader<string[]> => ({
  argument,
  read: (_, value, before = []) => [...before, value],
});

const VARY: Reader<Record<string, string>> = { argument: '<name=values,...>', read: variedText };

const MODELS: Reader<(string | { model: string; weight: number })[]> = {
  argument: '<list>',
  offer: listOffer('model'),
  read: modelsText,
};

const DESIGNS: Reader<(string | object)[]> = {
  argument: '<list>',
  offer: listOffer('designs'),
  read: designsText,
};

/** Flags that say what a space is; with a file they stand in the place of its keys. */
const SPACE_FLAGS = [
  flag(
    '--model',
    MODELS,
    'one model, or several with their shares of tokens: llama-2-7b=3,qwen3-8b=1 (default: llama-2-70b)',
  ),
  flag('--designs', DESIGNS, 'designs to start from, names or YAML files (default: mugi-256)'),
  flag('--vary', VARY, 'parameters with lists or ranges: height=32..512:32,sram.*=16,32,64'),
  flag('--where', more('<expression>'), 'condition that a point must keep: "sram.weight >= sram.input"'),
  flag('--forbid', more('<expression>'), 'condition that no point may keep'),
  flag('--within', more('<bounds>'), 'bounds on metrics: area_mm2<=3,power_W<=1'),
  flag(
    '--minimise',
    more('<metrics>'),
    'metrics that should be small (default: energy_per_token_J); loss is measured on a real model',
  ),
  flag('--maximise', more('<metrics>'), 'metrics that should be large (default: tokens_per_s)'),
] as const;

/** Flags of the search where not every point is evaluated. */
const SEARCH_FLAGS = [
  flag(
    '--budget',
    whole(1, 1e8),
    'search with so many evaluations by NSGA-II instead of evaluating every point',
  ),
  flag('--population', whole(2, 10_000), 'points of a generation (default: 100)', { onlyWith: '--budget' }),
  flag('--seed', whole(0, 2 ** 31), 'seed of the search (default: 1)', { onlyWith: '--budget' }),
] as const;

/** Flags of how the loss is measured, where it is an objective or bounded. */
const LOSS_FLAGS = [
  flag(
    '--loss-model',
    text('<model>', { words: () => EMBEDDED_MODELS, paths: 'files' }),
    `weights that the loss of --minimise or --within is measured on (default: --model where it holds weights, else ${DEFAULT_MODEL})`,
  ),
  flag('--loss-text', FILE, 'UTF-8 text that it is measured on (default: the embedded text)'),
  flag('--loss-tokens', whole(1, 1e9), 'targets of a whole measurement (default: 4096)'),
  flag('--loss-budget', whole(1, 1e12), 'targets over all that designs compute, at most (default: no bound)'),
  flag('--loss-seed', whole(0, 2 ** 31), 'order in which the text is measured (default: 1)'),
  flag('--fresh', SWITCH, 'forget losses that earlier runs measured'),
] as const;

/** `3/8`. */
export const SHARD: Reader<{ index: number; of: number }> = {
  argument: '<i/n>',
  read(key, value) {
    const match = /^(\d+)\/(\d+)$/.exec(value);
    const [index, of] = [Number(match?.[1]), Number(match?.[2])];
    if (match !== null && index >= 1 && of >= 1 && index <= of && of <= 1e6) return { index, of };
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} names no shard`,
      path: key,
      expected: 'i/n with i from 1 to n',
      received: value,
      nearest: '1/8',
    });
  },
};

/** Flags of work that is done as one job array. */
export const SLURM_FLAGS = [
  flag('--slurm', SWITCH, 'do the work on Slurm, as one job array, and follow it', { onlyWith: '--store' }),
  flag('--shards', whole(1, 1000), 'tasks of the array (default: 100 at most)', { onlyWith: '--slurm' }),
  flag('--partition', text('<name>'), 'partition of Slurm', { onlyWith: '--slurm' }),
] as const;

/** Flags of where a space is evaluated, and what is kept. */
const STORE_FLAGS = [
  flag(
    '--store',
    outFolder('<path>'),
    'folder for finished parts, which a run of the same space takes up (default: in the cache, until the run has ended)',
  ),
  flag('--shard', SHARD, 'evaluate only this share of the parts, into --store', { onlyWith: '--store' }),
  flag('--merge', SWITCH, 'evaluate nothing: the result of what is in --store, which must be all', {
    onlyWith: '--store',
  }),
  ...SLURM_FLAGS,
  flag('--threads', whole(1, 1024), 'threads (default: one a core)'),
] as const;

/** Flags of what is shown and written of a result. */
const RESULT_FLAGS = [
  flag('--rows', whole(1, 100_000), 'rows of the front that are shown', { default: 20 }),
  flag('--html', OUT_FILE, 'write one self-contained page with plots'),
  flag('--plots', outFolder('<dir>'), 'write the plots as SVG'),
  flag('--yaml', outFolder('<dir>'), 'write the designs of the front as design files'),
  flag('--parquet', OUT_FILE, 'write points and result as one Parquet file, for mugi explore show'),
] as const;

/** All flags of `mugi explore` but those of a question and of standard output. */
export const EXPLORE_FLAGS = [
  ...SPACE_FLAGS,
  ...SEARCH_FLAGS,
  ...LOSS_FLAGS,
  flag('--schema', SWITCH, 'print the JSON Schema of space files'),
  ...STORE_FLAGS,
  ...RESULT_FLAGS,
] as const;

/** What flags say of a space itself, as the keys of a space. */
export function spaceOf(
  flags: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Record<string, unknown> {
  const { model, budget, population, seed, lossModel, lossText, lossTokens, lossBudget, lossSeed } = flags;
  const own = ['designs', 'vary', 'where', 'forbid', 'within', 'minimise', 'maximise', ...keys];
  const search = { budget, population, seed };
  const loss = given({
    model: lossModel,
    text: lossText,
    tokens: lossTokens,
    budget: lossBudget,
    seed: lossSeed,
  });
  return {
    ...given(Object.fromEntries(own.map((key) => [key, flags[key]]))),
    ...given({ models: model }),
    ...(budget === undefined ? {} : { search: given(search) }),
    ...(Object.keys(loss).length === 0 ? {} : { loss }),
  };
}

const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
