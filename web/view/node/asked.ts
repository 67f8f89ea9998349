import { unknownName, wholeNumber } from '../../../src/errors.ts';
import { parseJson } from '../../../src/json.ts';
import { PRESETS, type PresetName } from '../../../src/published/preset.ts';
import { quoted } from '../../../src/question/shell.ts';
import { OPERATIONS, type Simulation } from '../../../src/simulate/asked.ts';

/** What numbers of the node's own run are of, in an address. */
export const THE_NODE = 'the run';

/** What a page shows of a run, by the words of its address. */
export interface Shown {
  asked: Simulation;
  /** Own values as they are written, or undefined for seeded ones. */
  values?: string;
}

/** Sizes of seeded values: small enough to be looked at. */
export const SIZES = { m: 64, k: 64, n: 256 } as const;

/**
 * The run that the words of an address ask for.
 * @throws MugiError for a word that has no such value
 */
export function shownOf(words: Readonly<Record<string, string>>): Shown {
  const { op = 'gemm', rows = '8', preset = 'corrected', values } = words;
  const operation = OPERATIONS.find((known) => known === op);
  if (operation === undefined) throw unknownName('operation', op, OPERATIONS, 'op');
  if (!Object.hasOwn(PRESETS, preset)) throw unknownName('preset', preset, Object.keys(PRESETS), 'preset');
  const size = (key: keyof typeof SIZES): number =>
    wholeNumber(key, Number(words[key] ?? usual(op)[key]), 1, SIZES[key]);
  const asked: Simulation = {
    design: `mugi-${rows}`,
    operation,
    preset: preset as PresetName,
    arithmetic: 'design',
    seed: wholeNumber('seed', Number(words.seed ?? '1'), 0, 2 ** 32 - 1),
    m: size('m'),
    k: size('k'),
    n: size('n'),
    values: values === undefined ? undefined : { content: parseJson(values, 'values'), path: 'values' },
  };
  return { asked, values };
}

/** Sizes when nothing else is said. */
export const usual = (op: string): { m: number; k: number; n: number } =>
  op === 'gemm' ? { m: 8, k: 4, n: 8 } : op === 'softmax' ? { m: 8, k: 1, n: 6 } : { m: 1, k: 1, n: 16 };

/** The command that prints the same values. */
export function commandOf({ asked, values }: Shown): string {
  const { operation, design, preset, seed, m, k, n } = asked;
  const sums = operation === 'gemm' || operation === 'softmax' ? ` --preset ${preset}` : '';
  const what =
    values === undefined
      ? ` --seed ${seed} --m ${m}${operation === 'gemm' ? ` --k ${k}` : ''} --n ${n}`
      : ` --input ${quoted(JSON.stringify(asked.values?.content))}`;
  return `npx mugi simulate ${operation} --design ${design}${sums}${what} --json`;
}
