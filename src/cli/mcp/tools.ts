import { designDetails, designSummary } from '../../compare/design-facts.ts';
import { modelSummary, workloadFacts } from '../../compare/model-facts.ts';
import { designNames } from '../../design/index.ts';
import { METRICS } from '../../evaluate/metrics.ts';
import { why } from '../../evaluate/why.ts';
import { MugiError, unknownName } from '../../errors.ts';
import { preset } from '../../published/preset.ts';
import { EVALUATED, toCommand } from '../../question/command.ts';
import { answer, presetOf, type Sources, workloadFor } from '../../question/point.ts';
import {
  defaultBaseline,
  PRICE_KEYS,
  question,
  type QuestionInput,
  questionSchema,
  USE_KEYS,
} from '../../question/question.ts';
import { technologyNamed } from '../../technology/index.ts';
import { MODELS } from '../../workload/models.ts';
import { answered, shallow } from '../serve/reply.ts';
import { whyJson } from '../show/why.ts';
import { EXPLORE } from './explore.ts';
import type { Given, Schema, Tool } from './tool.ts';

const { properties } = questionSchema() as { properties: Record<string, Schema> };

const some = (keys: readonly string[]): Record<string, Schema> =>
  Object.fromEntries(keys.map((key) => [key, properties[key]]));

const { designs: DESIGNS, baseline: BASELINE, version: _, ...ABOUT } = properties;
const ONE_DESIGN = {
  ...some(['baseline']).baseline,
  description: 'Built-in name, or what a design file says as an object; NAME@4x4 is a mesh.',
  default: EVALUATED,
};

/** A question about one design, which is called so. */
const aboutOne = ({ design = EVALUATED, ...rest }: Given): Given => ({ ...rest, designs: [design] });

const text = (description: string): Schema => ({ type: 'string', minLength: 1, description });

function word(key: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MugiError({
    code: 'invalid-value',
    message: `${key} must be a text`,
    path: key,
    expected: 'a name',
    received: value === undefined ? 'nothing' : typeof value,
  });
}

const COMPARE: Tool = {
  name: 'compare',
  description:
    'What a language model gains on several accelerator designs: time, energy, area and carbon of each, and its ratios to a baseline.',
  properties: { designs: DESIGNS, baseline: BASELINE, ...ABOUT },
  run(given, sources) {
    const asked = question(shallow(given) as QuestionInput);
    // A comparison has a baseline, also of one design.
    return answered(
      asked.baseline === undefined ? { ...asked, baseline: defaultBaseline(asked.preset) } : asked,
      sources,
      false,
    );
  },
};

const EVALUATE: Tool = {
  name: 'evaluate',
  description: 'Every metric of one language model in one use on one accelerator design.',
  properties: { design: ONE_DESIGN, ...ABOUT },
  run: (given, sources) => answered(aboutOne(given), sources, false),
};

const WHY: Tool = {
  name: 'why',
  description: 'What one metric of an evaluation is made of, down to formulas, cycles and sources of costs.',
  properties: {
    metric: text(
      `A metric, or a part of one as METRIC/PART/…; metrics are ${METRICS.map(({ name }) => name).join(', ')}.`,
    ),
    design: ONE_DESIGN,
    ...ABOUT,
  },
  required: ['metric'],
  run({ metric, ...given }, sources) {
    const path = word('metric', metric);
    const asked = question(shallow(aboutOne(given)) as QuestionInput);
    const [evaluation] = answer(asked, sources);
    return whyJson(why(evaluation, path), toCommand(asked, ['--why', path]));
  },
};

const LANGUAGE_MODELS: Tool = {
  name: 'models',
  description:
    'The built-in models with sizes and multiply-accumulates a token, or the operators of one model.',
  properties: { model: text('One model, in depth; without it all are listed.'), ...some(USE_KEYS) },
  run({ model: name, ...given }, sources) {
    const asked = question(given as QuestionInput);
    const longest = given.context as number | undefined;
    if (name === undefined) return { models: MODELS.map((model) => modelSummary(model, asked, longest)) };
    const model = sources.model(word('model', name));
    const workload = workloadFor(model, asked, preset('corrected'));
    return { ...modelSummary(model, asked, longest), ...workloadFacts(workload) };
  },
};

const ACCELERATORS: Tool = {
  name: 'designs',
  description: 'The built-in accelerator designs in a line each, or the components and costs of one design.',
  properties: { design: text('One design, in depth; without it all are listed.'), ...some(PRICE_KEYS) },
  run({ design: name, ...given }, sources) {
    const asked = question(given as QuestionInput);
    const chosen = presetOf(asked);
    const technology = technologyNamed(asked.technology);
    const priced = (one: string) => sources.design(one, chosen, technology);
    return name === undefined
      ? { designs: designNames().map((one) => designSummary(priced(one))) }
      : designDetails(priced(word('design', name)));
  },
};

export const TOOLS: readonly Tool[] = [COMPARE, EVALUATE, WHY, EXPLORE, LANGUAGE_MODELS, ACCELERATORS];

/** What a tool answers. @throws MugiError for a mistake, an argument that the tool does not have included */
export function call(
  { name, properties: known, run }: Tool,
  given: Given,
  sources: Sources,
): object | Promise<object> {
  const odd = Object.keys(given).find((key) => !Object.hasOwn(known, key));
  if (odd !== undefined) throw unknownName(`argument of ${name}`, odd, Object.keys(known), odd);
  return run(given, sources);
}
