import { createHash } from 'node:crypto';
import type { Value } from '../../explore/expression.ts';
import type { Dimension } from '../../explore/grid.ts';
import type { Objective } from '../../explore/objective.ts';
import type { Plan } from '../../explore/space/plan.ts';
import { type Question, question, type QuestionInput } from '../../question/question.ts';
import { designFile, readDesignFile } from '../../source/design.ts';
import { loadModel } from '../../source/model.ts';
import { technologyNamed } from '../../technology/index.ts';
import { version } from '../../version.ts';
import { MODELS } from '../../workload/models.ts';

/** What numbers come from, beside them in JSON, so that `mugi diff` can say why two results differ. */
export interface ResultHead {
  mugi: string;
  /** With its defaults; without what is swept. */
  question: Partial<Question>;
  /** Keys of the question that took several values. */
  swept?: readonly Dimension<number | string>[];
  /** Digests of what stands behind names: tables of prices, and what files say. */
  inputs: Record<string, string>;
}

/** The same of a space. */
export type SpaceHead = Pick<ResultHead, 'mugi' | 'inputs'> & { question: Readonly<Record<string, unknown>> };

/**
 * What a result says of its origin.
 * @param input what was asked, beside what is swept
 */
export function resultHead(input: QuestionInput, swept?: readonly Dimension<number | string>[]): ResultHead {
  const one = Object.fromEntries(
    (swept ?? []).flatMap(({ name, values }) => (values.length === 1 ? [[name, values[0]]] : [])),
  );
  const { version: _, ...full } = question({ ...input, ...one });
  const several = new Set((swept ?? []).flatMap(({ name, values }) => (values.length > 1 ? [name] : [])));
  // Defaults that turn on other keys have as many values as those.
  if (input.prefill === undefined && several.has('context')) several.add('prefill');
  if (input.baseline === undefined && (swept !== undefined || full.designs.length === 1))
    several.add('baseline');
  const asked: Partial<Question> = Object.fromEntries(
    Object.entries(full).filter(([key]) => !several.has(key)),
  );
  return {
    mugi: version,
    question: asked,
    ...(swept === undefined ? {} : { swept }),
    inputs: inputsOf(asked, swept ?? []),
  };
}

/** What the result of a space says of its origin, in the words of a space file; long lists by their ends. */
export function spaceHead({
  models,
  designs,
  varied,
  surroundings,
  within,
  objectives,
  ...plan
}: Plan): SpaceHead {
  const goals = (direction: Objective['direction']): string[] =>
    objectives.filter((one) => one.direction === direction).map(({ metric }) => metric);
  const inputs: Record<string, string> = {};
  const technologies = varied.find(({ name }) => name === 'technology')?.values ?? [
    surroundings.technology ?? question({}).technology,
  ];
  for (const name of technologies as string[]) inputs[`technology ${name}`] = digest(technologyNamed(name));
  for (const { name, source } of models)
    if (typeof source === 'object') inputs[`model ${name}`] = digest(source);
  for (const { name, spec } of designs)
    if (designFile(name) !== undefined) inputs[`design ${name}`] = digest(spec);
  return {
    mugi: version,
    question: {
      models: models.map(({ name, weight }) => (models.length > 1 ? `${name}=${weight}` : name)),
      designs: designs.map(({ name }) => name),
      ...Object.fromEntries(varied.map(({ name, values }) => [`vary ${name}`, endsOf(values)])),
      ...surroundings,
      ...given(plan),
      within: within.map(({ text }) => text),
      minimise: goals('minimise'),
      maximise: goals('maximise'),
    },
    inputs,
  };
}

/** Lists of more values are shown by their ends. */
const LISTED = 12;

const endsOf = (values: readonly Value[]): string =>
  values.length <= LISTED
    ? values.join(',')
    : `${String(values[0])}..${String(values.at(-1))} (${values.length} values, ${digest(values)})`;

const given = <T extends object>(plan: T): object =>
  Object.fromEntries(
    Object.entries(plan).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );

function inputsOf(
  { designs = [], baseline, dims, ...asked }: Partial<Question>,
  swept: readonly Dimension<number | string>[],
): Record<string, string> {
  const named = (key: 'model' | 'technology'): readonly unknown[] => {
    const one = asked[key];
    return one === undefined ? (swept.find(({ name }) => name === key)?.values ?? []) : [one];
  };
  const inputs: Record<string, string> = {};
  for (const name of named('technology') as string[]) {
    const technology = technologyNamed(name);
    inputs[`technology ${technology.name}`] = digest(technology);
  }
  for (const model of named('model'))
    if (typeof model === 'string' && !MODELS.some(({ name }) => name === model.toLowerCase()))
      inputs[`model ${model}`] = digest(loadModel(model, dims));
  for (const design of [...designs, baseline]) {
    const path = typeof design === 'string' ? designFile(design) : undefined;
    if (path !== undefined) inputs[`design ${path}`] = digest(readDesignFile(path));
  }
  return inputs;
}

/** Equal for equal data. */
const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
