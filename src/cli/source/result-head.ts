import { createHash } from 'node:crypto';
import type { Dimension } from '../../explore/grid.ts';
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

/**
 * What a result says of its origin.
 * @param input what was asked, beside what is swept
 */
export function resultHead(input: QuestionInput, swept?: readonly Dimension<number | string>[]): ResultHead {
  const { version: _, ...full } = question(input);
  const several = new Set((swept ?? []).map(({ name }) => name));
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
