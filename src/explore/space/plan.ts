import { namedFamily } from '../../design/index.ts';
import { type Locate, schemaProblem, dotted } from '../../design/problem.ts';
import { FullDesign } from '../../design/schema.ts';
import { MugiError } from '../../errors.ts';
import { METRICS } from '../../evaluate/metrics.ts';
import { noOpenSizes } from '../../question/point.ts';
import { question, type QuestionInput } from '../../question/question.ts';
import { type Constraint, constraintOf, metricNamed } from '../constraint.ts';
import { compile, type Value } from '../expression.ts';
import type { Objective } from '../objective.ts';
import { PARAMETERS, parametersNamed, PLACES, type Place, valuesOf } from './parameters.ts';
import { SPACE, type SpaceInput, spaceKeys } from './schema.ts';

/** A parameter of a plan with its values. */
export interface Varied {
  name: string;
  place: Place;
  values: Value[];
}

/** A design to start from: what a design file says. */
export interface Start {
  /** As it was written; a path for a file. */
  name: string;
  /** A built-in design that parameters change (`base` and more), or the full description of another. */
  kind: 'base' | 'full';
  spec: Readonly<Record<string, unknown>>;
}

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
  objectives: Objective[];
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

/** Every name that a condition may hold. */
export const conditionNames = (varied: readonly Varied[]): string[] => [
  ...new Set([...PARAMETERS.map(({ name }) => name), ...varied.map(({ name }) => name), 'design']),
];

const list = (given: string | readonly string[] | undefined): string[] =>
  given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
/** `a<=1, b>=2` may stand in one text. */
const split = (given: string | readonly string[] | undefined): string[] =>
  list(given).flatMap((text) => text.split(',').map((part) => part.trim()));

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
    dims,
    ...full
  } = asked;
  // Defaults of a question are filled in point by point.
  const rest = Object.fromEntries(
    Object.entries(full).filter(([key]) => Object.hasOwn(input as object, key)),
  );
  const at = (...path: (string | number)[]): string => locate(path, 'value');
  if (model !== undefined && models !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: '"model" and "models" are given',
      path: at('model'),
      expected: 'one of the two',
    });
  const starts = (designs ?? ['mugi-256']).map((one, i) => startOf(one, opened, at('designs', i)));
  const paths = new Set(
    starts.filter(({ kind }) => kind === 'full').flatMap(({ spec }) => numericPaths(spec)),
  );
  const varied = variedOf(vary ?? {}, starts, paths, at);
  const names = conditionNames(varied);
  for (const [key, texts] of [
    ['where', list(where)],
    ['forbid', list(forbid)],
  ] as const)
    for (const text of texts) compile(text, names, at(key));
  const beside = varied.find(({ name }) => Object.hasOwn(rest, name));
  if (beside !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: `"${beside.name}" is varied and has a value beside`,
      path: at(beside.name),
      expected: 'one of the two',
    });
  // What no parameter varies is checked here, once.
  question(rest as QuestionInput);
  const weights = (models ?? [model ?? 'llama-2-70b']).map((one) =>
    typeof one === 'object' && 'model' in one && 'weight' in one
      ? { source: one.model as string | object, weight: one.weight as number }
      : { source: one as string | object, weight: 1 },
  );
  const objectives = [
    ...split(minimise).map(
      (text): Objective => ({ metric: metricNamed(text, at('minimise')), direction: 'minimise' }),
    ),
    ...split(maximise).map(
      (text): Objective => ({ metric: metricNamed(text, at('maximise')), direction: 'maximise' }),
    ),
  ];
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
  return {
    models: weights.map(({ source, weight }): PlannedModel => {
      if (typeof source === 'string') return { name: source, weight, source: opened.model(source, dims) };
      if (dims !== undefined) throw noOpenSizes('a model that is written out');
      return { name: 'model', weight, source, inline: true };
    }),
    ...(dims === undefined ? {} : { dims }),
    designs: starts,
    varied,
    surroundings: rest as Plan['surroundings'],
    where: list(where),
    forbid: list(forbid),
    within: split(within).map((text) => constraintOf(text, at('within'))),
    objectives: objectives.length > 0 ? objectives : DEFAULT_OBJECTIVES,
    ...(search === undefined ? {} : { search: { population: 100, seed: 1, ...search } }),
  };
}

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

function startOf(given: string | object, opened: Opened, path: string): Start {
  const found = typeof given === 'string' ? opened.design(given) : given;
  const name = typeof given === 'string' ? given : 'design';
  if (typeof found === 'string') {
    if (found.startsWith('best:'))
      throw new MugiError({
        code: 'unsupported',
        message: 'a space names designs and varies their shape itself',
        path,
        expected: 'sa-16, say, and shape among what is varied',
        received: found,
        nearest: found.slice(5),
      });
    namedFamily(found);
    return { name: found, kind: 'base', spec: { base: found } };
  }
  const { name: own, title: _, ...spec } = found as Record<string, unknown>;
  const called = typeof own === 'string' ? own : name;
  if ('base' in spec) {
    if (typeof spec.base === 'string') namedFamily(spec.base);
    return { name: called, kind: 'base', spec };
  }
  const parsed = FullDesign.safeParse(found);
  if (!parsed.success)
    throw schemaProblem(
      (at) => `${path}: ${dotted(at, 'value')}`,
      found,
      parsed.error.issues,
      () => [],
    );
  return { name: called, kind: 'full', spec };
}

/** Paths to the numbers of a full design: each may be varied. */
function numericPaths(spec: unknown, before = ''): string[] {
  if (typeof spec === 'number') return [before];
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return [];
  return Object.entries(spec).flatMap(([key, inner]) =>
    numericPaths(inner, before === '' ? key : `${before}.${key}`),
  );
}

function variedOf(
  vary: NonNullable<SpaceInput['vary']>,
  starts: readonly Start[],
  paths: ReadonlySet<string>,
  at: (...path: (string | number)[]) => string,
): Varied[] {
  const varied = new Map<string, Varied>();
  for (const [key, given] of Object.entries(vary))
    for (const parameter of parametersNamed(key, paths, at('vary', key))) {
      const { name, place } = parameter;
      const path = at('vary', key);
      if (varied.has(name))
        throw new MugiError({
          code: 'invalid-value',
          message: `"${name}" is varied twice`,
          path,
          received: key,
        });
      if (!starts.some((start) => applies(name, start)))
        throw new MugiError({
          code: 'invalid-value',
          message: `"${name}" is no parameter of ${starts.map((one) => one.name).join(', ')}`,
          path,
          expected: `one of ${PARAMETERS.filter((one) => starts.some((start) => applies(one.name, start)))
            .map((one) => one.name)
            .join(', ')}`,
          received: key,
        });
      varied.set(name, { name, place, values: valuesOf(parameter, given, path) });
    }
  if (varied.has('shape') && varied.has('size'))
    throw new MugiError({
      code: 'invalid-value',
      message: '"shape" and "size" both set the sides of an array',
      path: at('vary', 'size'),
      expected: 'one of the two',
    });
  const order = ({ name, place }: Varied): number => {
    const known = PARAMETERS.findIndex((one) => one.name === name);
    return PLACES.indexOf(place) * 1000 + (known < 0 ? 999 : known);
  };
  return [...varied.values()].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
}

/** Whether a design has a parameter; of others it is not varied. */
export function applies(name: string, { kind, spec }: Start): boolean {
  const known = PARAMETERS.find((one) => one.name === name);
  if (known?.place === 'technology' || known?.place === 'use' || known?.place === 'environment') return true;
  if (kind === 'full')
    return name === 'mesh' || name.startsWith('sram.') || numericPaths(spec).includes(name);
  if (known === undefined) return false;
  if (known.place === 'memory' || name === 'mesh') return true;
  const { family } = namedFamily(spec.base as string);
  if (name === 'shape') return family.rectangle !== undefined;
  return name === family.range?.key || (family.varies ?? []).some((key) => key === name);
}
