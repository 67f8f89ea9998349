import { basedDesign } from '../../design/custom.ts';
import { BasedDesign } from '../../design/schema.ts';
import { type Locate, schemaProblem, dotted } from '../../design/problem.ts';
import { MugiError } from '../../errors.ts';
import { METRICS } from '../../evaluate/metrics.ts';
import { noOpenSizes, technologyOf } from '../../question/point.ts';
import { question, type QuestionInput } from '../../question/question.ts';
import { type Constraint, constraintOf, metricNamed } from '../constraint.ts';
import { compile, type Value } from '../expression.ts';
import type { Objective } from '../objective.ts';
import { placed } from './placed.ts';
import { bounded, isLoss, type LossPlan, lossPlan } from './loss.ts';
import { SPACE, type SpaceInput, spaceKeys } from './schema.ts';
import { numericPaths, type Start, startOf } from './start.ts';
import type { Place } from './parameters.ts';
import { conditionNames, type Varied, variedOf } from './varied.ts';

/** A model of a plan. */
export interface PlannedModel {
  /** As it was written; a path for a file. */
  name: string;
  weight: number;
  source: string | object;
  /** It was written out in the space, so that no name stands for it. */
  inline?: true;
}

/** A space with every name looked up and every default filled in: plain data, from which its digest is made. */
export interface Plan {
  models: PlannedModel[];
  /** Sizes that the ONNX models of texts leave open. */
  dims?: QuestionInput['dims'];
  designs: Start[];
  varied: Varied[];
  surroundings: Omit<QuestionInput, 'version' | 'model' | 'designs' | 'baseline' | 'dims'>;
  where: string[];
  forbid: string[];
  within: Constraint[];
  /** Those that are exact. */
  objectives: Objective[];
  /** The measured one, where it is an objective or bounded. */
  loss?: LossPlan;
  search?: { budget: number; population: number; seed: number };
}

/** What texts in a space stand for; the library knows built-in names, the command line opens files besides. */
export interface Opened {
  /** @param dims sizes that an ONNX model leaves open */
  model(text: string, dims?: QuestionInput['dims']): string | object;
  /** A design file's data for a path, the name itself for a built-in design. */
  design(text: string): string | object;
}

const NAMES: Opened = {
  model(text, dims) {
    if (dims !== undefined) throw noOpenSizes(text);
    return text;
  },
  design: (text) => text,
};

const list = (given: string | readonly string[] | undefined): string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
/** A text of a space, and where it stands. */
interface Written {
  text: string;
  path: string;
}
const textOf = ({ text }: Written): string => text;

/**
 * Checks a space and looks up its names.
 * @param locate says where a key stands, for errors
 * @throws MugiError with the first mistake
 */
export function planOf(input: unknown, opened: Opened = NAMES, locate: Locate = dotted): Plan {
  const parsed = SPACE.safeParse(input);
  if (!parsed.success) throw schemaProblem(locate, input, parsed.error.issues, spaceKeys);
  const asked: SpaceInput = parsed.data;
  const {
    version: _,
    model,
    models,
    designs,
    vary,
    where,
    forbid,
    within,
    minimise,
    maximise,
    search,
    loss,
    dims,
    ...full
  } = asked;
  // Defaults of a question are filled in point by point.
  const rest = Object.fromEntries(
    Object.entries(full).filter(([key]) => Object.hasOwn(input as object, key)),
  );
  const at = (...path: (string | number)[]): string => locate(path, 'value');
  const written = (key: string, given: string | readonly string[] | undefined): Written[] =>
    list(given).map((text, i) => ({ text, path: typeof given === 'string' ? at(key) : at(key, i) }));
  // `a<=1, b>=2` may stand in one text.
  const split = (key: string, given: string | readonly string[] | undefined): Written[] =>
    written(key, given).flatMap(({ text, path }) =>
      text.split(',').map((part) => ({ text: part.trim(), path })),
    );
  if (model !== undefined && models !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: '"model" and "models" are given',
      path: at('model'),
      expected: 'one of the two',
    });
  const starts = (designs ?? ['mugi-256']).map((one, i) =>
    startOf(one, (text) => opened.design(text), at('designs', i)),
  );
  const paths = new Set(
    starts.filter(({ kind }) => kind === 'full').flatMap(({ spec }) => numericPaths(spec)),
  );
  const varied = variedOf(vary ?? {}, starts, paths, at, (...path) => locate(path, 'key'));
  for (const { name, place, values } of varied)
    for (const value of values) refuseOdd(name, place, value, at('vary', name));
  const names = conditionNames(varied);
  for (const { text, path } of [...written('where', where), ...written('forbid', forbid)])
    compile(text, names, path);
  const beside = varied.find(({ name }) => Object.hasOwn(rest, name));
  if (beside !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `"${beside.name}" is varied and has a value beside`,
      path: at(beside.name),
      expected: 'one of the two',
    });
  // What no parameter varies is checked here, once.
  placed(
    (key) => (key !== undefined && Object.hasOwn(rest, key) ? at(key) : (key ?? at())),
    () => technologyOf(question(rest as QuestionInput)),
  );
  const weights = (models ?? [model ?? 'llama-2-70b']).map((one) =>
    typeof one === 'object' && 'model' in one && 'weight' in one
      ? { source: one.model as string | object, weight: one.weight as number }
      : { source: one as string | object, weight: 1 },
  );
  const exactly = (direction: Objective['direction'], given: typeof minimise): Objective[] =>
    split(direction, given)
      .filter(({ text }) => !isLoss(text))
      .map(({ text, path }) => ({ metric: metricNamed(text, path), direction }));
  const objectives = [...exactly('minimise', minimise), ...exactly('maximise', maximise)];
  const twice = objectives.find(
    ({ metric }, i) => objectives.findIndex((one) => one.metric === metric) !== i,
  );
  if (twice !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `"${twice.metric}" is an objective twice`,
      path: at(twice.direction),
      received: twice.metric,
    });
  const planned = weights.map(({ source, weight }, i): PlannedModel => {
    const path = models === undefined ? at('model') : at('models', i);
    if (typeof source === 'string')
      return { name: source, weight, source: placed(path, () => opened.model(source, dims)) };
    if (dims !== undefined) throw noOpenSizes('a model that is written out');
    return { name: 'model', weight, source, inline: true };
  });
  const measured = lossPlan(
    {
      minimise: split('minimise', minimise).map(textOf),
      maximise: split('maximise', maximise).map(textOf),
      within: split('within', within).map(textOf),
      exact: objectives.length,
      surroundings: rest as QuestionInput,
      models: planned,
      varied,
      ...(loss === undefined ? {} : { loss }),
    },
    locate,
  );
  return {
    models: planned,
    ...(dims === undefined ? {} : { dims }),
    designs: starts,
    varied,
    surroundings: rest as Plan['surroundings'],
    where: list(where),
    forbid: list(forbid),
    within: split('within', within)
      .filter(({ text }) => !bounded(text))
      .map(({ text, path }) => constraintOf(text, path)),
    objectives: objectives.length > 0 ? objectives : DEFAULT_OBJECTIVES,
    ...(measured === undefined ? {} : { loss: measured }),
    ...(search === undefined ? {} : { search: { ...SEARCH_DEFAULTS, ...search } }),
  };
}

/** What is no price list, no clock, or no value of a key of a design is none at every point. */
function refuseOdd(name: string, place: Place, value: Value, path: string): void {
  placed(path, () => {
    if (place === 'technology') technologyOf(question({ [name]: value } as QuestionInput));
    if (Object.hasOwn(BasedDesign.shape, name)) basedDesign({ base: 'mugi-256', [name]: value });
  });
}

/** How a space is searched unless told. */
export const SEARCH_DEFAULTS = { population: 100, seed: 1 } as const;

/** What a design is judged by unless told. */
const DEFAULT_OBJECTIVES: Objective[] = [
  { metric: 'energy_per_token_J', direction: 'minimise' },
  { metric: 'tokens_per_s', direction: 'maximise' },
];

/** Metrics that are kept of every point beside those that a plan names. */
const ALWAYS = ['tokens_per_s', 'energy_per_token_J', 'power_W', 'area_mm2'];

/** The metrics that are computed of every point, in the order of the output of `evaluate`. */
export function trackedOf({ objectives, within }: Pick<Plan, 'objectives' | 'within'>): string[] {
  const wanted = new Set([
    ...ALWAYS,
    ...objectives.map(({ metric }) => metric),
    ...within.map(({ metric }) => metric),
  ]);
  return METRICS.map(({ name }): string => name).filter((name) => wanted.has(name));
}
