import { headAt } from '../../vlp/arithmetic.ts';
import type { Locate } from '../../design/problem.ts';
import { MugiError } from '../../errors.ts';
import { modelOf } from '../../question/point.ts';
import { headFormat } from '../../workload/head-bits.ts';
import type { QuestionInput } from '../../question/question.ts';
import type { Value } from '../expression.ts';
import { sized } from '../values.ts';
import { WINDOWS } from './parameters.ts';
import type { SpaceInput } from './schema.ts';
import type { Varied } from './varied.ts';

/** The measured loss above the stored model, under the name that `mugi compare --accuracy --json` has for it. */
export const LOSS = 'loss_increase';
/** What it may be called: also as `mugi accuracy --json` has it. */
const NAMES = ['loss', LOSS, 'over_stored'];

export const isLoss = (text: string): boolean => NAMES.includes(text.trim());

/** How the loss of a space's designs is measured. */
export interface LossPlan {
  /** It is an objective, or only bounded. */
  objective: boolean;
  /** Bounds as they were written, and the least of them, nats per target. */
  bounds: string[];
  limit?: number;
  /** Weights that it is measured on; absent: whoever measures chooses. */
  model?: string;
  text?: string;
  /** The output matrix, where it is priced otherwise than designs compute it. */
  head?: 'stored';
  /** Targets of a whole measurement. */
  tokens: number;
  /** Targets over all arithmetics, at most. */
  budget?: number;
  seed: number;
}

/** Targets of a whole measurement unless told: as `mugi accuracy` has it. */
const TOKENS = 4096;
/** Bits of weights, keys and values that the arithmetic of designs has. */
const BITS = 4;

/** What a space says of the loss: objectives and bounds with its name, and how it is measured. */
interface Said extends Pick<SpaceInput, 'loss'> {
  minimise: readonly string[];
  maximise: readonly string[];
  within: readonly string[];
  /** Objectives that are exact. */
  exact: number;
  surroundings: Pick<QuestionInput, 'weightBits' | 'headBits' | 'kvBits' | 'with' | 'without'>;
  models: readonly { source: string | object }[];
  varied: readonly Varied[];
}

/**
 * How a space measures the loss; undefined where it neither wants nor bounds it.
 * @throws MugiError for settings that would change nothing, and for what cannot be measured
 */
export function lossPlan(said: Said, locate: Locate): LossPlan | undefined {
  const at = (...path: string[]): string => locate(path, 'value');
  const { loss: settings, minimise, maximise, within, exact, varied } = said;
  const large = maximise.find(isLoss);
  if (large !== undefined) throw problem('the loss is minimised', at('maximise'), 'minimise', large);
  const objective = minimise.some(isLoss);
  const bounds = within.filter(bounded);
  if (!objective && bounds.length === 0) {
    if (settings !== undefined)
      throw problem(
        '"loss" would change nothing: it is neither an objective nor bounded',
        at('loss', ...Object.keys(settings).slice(0, 1)),
        'loss among "minimise" or "within"',
      );
    if (varied.some(({ name }) => name === WINDOWS))
      throw problem(
        '"windows" changes the loss alone, which is neither an objective nor bounded',
        at('vary', WINDOWS),
        'loss among "minimise" or "within"',
      );
    return undefined;
  }
  if (objective && exact === 0)
    throw problem(
      'the loss alone leaves all designs on the front that compute alike',
      at('minimise'),
      'another objective beside it: energy_per_token, say',
    );
  refuseBits(said, at);
  const odd = varied.find(({ name }) => name === WINDOWS)?.values.find((value) => !isWindows(value));
  if (odd !== undefined)
    throw problem(
      'windows are chosen by a pass over other text, or not at all',
      at('vary', WINDOWS),
      'auto, default',
      String(odd),
    );
  const limits = bounds.map((text) => limitOf(text, at('within')));
  const { tokens = TOKENS, seed = 1, ...rest } = settings ?? {};
  return {
    objective,
    bounds: [...bounds],
    ...(headAt(headBits(said)) === 'stored' ? { head: 'stored' as const } : {}),
    ...(limits.length === 0 ? {} : { limit: Math.min(...limits) }),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    tokens,
    seed,
  };
}

/** Bits at which the output matrix is priced. */
const headBits = ({ surroundings, models }: Said): number =>
  surroundings.headBits ?? headFormat(modelOf({ model: models[0].source }))?.bits ?? BITS;

const isWindows = (value: Value): boolean => value === 'auto' || value === 'default';

/** Whether a bound is on the loss. */
export const bounded = (text: string): boolean => isLoss(/^\s*(\w+)/.exec(text)?.[1] ?? '');

function limitOf(text: string, path: string): number {
  const match = /^\s*\w+\s*<=\s*(\S+)\s*$/.exec(text);
  const limit = match === null ? Number.NaN : sized(match[1]);
  if (Number.isFinite(limit)) return limit;
  throw problem(
    'a bound on the loss is an upper one',
    path,
    'loss <= NUMBER, nats per target above the stored model',
    text,
  );
}

/** The arithmetic of designs has one width of weights, keys and values, and presets that are whole. */
function refuseBits({ surroundings, models, varied }: Said, at: (...path: string[]) => string): void {
  for (const key of ['weightBits', 'kvBits'] as const) {
    const values = varied.find(({ name }) => name === key)?.values;
    const asked = values ?? [surroundings[key] ?? undefined];
    const own = models.map(({ source }) => modelOf({ model: source })[key]);
    const all = asked.flatMap((one) => (one === undefined ? own : [one]));
    const odd = all.find((bits) => bits !== undefined && bits !== BITS);
    if (odd !== undefined)
      throw problem(
        `the loss is measured at ${BITS} bits, as designs compute`,
        at(...(values === undefined ? [key] : ['vary', key])),
        `${key} ${BITS}`,
        String(odd),
      );
  }
  for (const key of ['with', 'without'] as const)
    if ((surroundings[key] ?? []).length > 0)
      throw problem('the loss is measured under a whole preset', at(key), `no "${key}" beside it`);
}

const problem = (message: string, path: string, expected: string, received?: string): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message,
    path,
    expected,
    ...(received === undefined ? {} : { received }),
  });
