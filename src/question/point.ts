import { customDesign } from '../design/custom.ts';
import type { Design } from '../design/design.ts';
import { designNamed } from '../design/index.ts';
import { MugiError } from '../errors.ts';
import { designUnder, type Preset, preset, type Repair, workloadUnder } from '../published/preset.ts';
import { ENVIRONMENT_KEYS, type Question, question, type QuestionInput } from './question.ts';
import { bestOf, searchedLike, shapesLike } from './searched.ts';
import type { Environment } from '../technology/environment.ts';
import { technologyNamed } from '../technology/index.ts';
import { atClock, type Technology } from '../technology/technology.ts';
import { modelFromConfig } from '../workload/hf-config.ts';
import type { ModelShape } from '../workload/model.ts';
import { modelNamed } from '../workload/models.ts';
import { writtenShape } from '../workload/written-shape.ts';
import type { Workload } from '../workload/operator.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { type PricedDesign } from '../evaluate/price.ts';
import { priceDesign } from '../evaluate/whole-machines.ts';

/** Bits where neither the question nor the model says more. */
const DEFAULT_BITS = 4;
const ACTIVATION_BITS = 16;

/** What is asked of a model; bits as the model says, else 4. */
export type Use = Pick<Question, 'batch' | 'context' | 'prefill' | 'weightBits' | 'headBits' | 'kvBits'>;

/** The last workload of each model: designs that are compared one by one, and sweeps of them, ask for it again. */
const lastWorkload = new WeakMap<ModelShape, { key: string; workload: Workload }>();

/** The workload of a model in use, as a preset sees it. */
export function workloadFor(model: ModelShape, use: Use, chosen: Preset): Workload {
  const { batch, context, prefill } = use;
  const weightBits = use.weightBits ?? model.weightBits ?? DEFAULT_BITS;
  const kvBits = use.kvBits ?? model.kvBits ?? DEFAULT_BITS;
  const oneWidth = use.weightBits !== undefined;
  const key = `${chosen.name}|${batch}|${context}|${prefill}|${weightBits}|${use.headBits}|${kvBits}|${oneWidth}`;
  const last = lastWorkload.get(model);
  if (last?.key === key) return last.workload;
  const { headBits } = use;
  const asked = {
    batch,
    context,
    prefill,
    activationBits: ACTIVATION_BITS,
    weightBits,
    ...(headBits === undefined ? {} : { headBits }),
    kvBits,
    oneWidth,
  };
  const workload = workloadUnder(model, asked, chosen);
  lastWorkload.set(model, { key, workload });
  return workload;
}

/** Names are endless (`sa-8x32@3x5`), and some processes answer for days. */
const MOST_PRICED = 4096;
const priced = new Map<string, PricedDesign>();

/** The priced design of a name; remembered, since it depends on neither model nor use. */
export function pricedDesign(name: string, chosen: Preset, technology: Technology): PricedDesign {
  const key = `${name}|${chosen.name}|${technology.name}|${technology.clock}`;
  const known = priced.get(key);
  if (known !== undefined) return known;
  const made = priceDesign(designUnder(designNamed(name), chosen, technology), technology);
  if (priced.size === MOST_PRICED) priced.clear();
  priced.set(key, made);
  return made;
}

/** What texts in a question stand for. The library knows built-in names; the command line opens files besides. */
export interface Sources {
  /** @param dims sizes that an ONNX model leaves open */
  model(text: string, dims?: Readonly<Record<string, number>>): ModelShape;
  design(text: string, preset: Preset, technology: Technology): PricedDesign;
}

/** Built-in names. */
export const NAMES: Sources = {
  model(text, dims) {
    if (dims !== undefined) throw noOpenSizes(text);
    return modelNamed(text);
  },
  design: pricedDesign,
};

/** Sizes beside a model that leaves none open. */
export const noOpenSizes = (model: string): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: `dims would have no effect: ${model} leaves no sizes open`,
    path: 'dims',
    expected: 'an ONNX model beside it',
  });

/** A model by its name, as a `config.json` says it in an object, or as it is. */
export function modelOf(
  { model: asked, dims }: Pick<Question, 'model' | 'dims'>,
  { model }: Pick<Sources, 'model'> = NAMES,
): ModelShape {
  if (typeof asked === 'string') return model(asked, dims);
  if (dims !== undefined) throw noOpenSizes('a model that is written out');
  return 'stacks' in asked ? writtenShape(asked) : modelFromConfig(asked, 'model', 'model');
}

/** A design by its name, as a design file says it in an object, or a whole one; as the preset sees it, priced. */
function designOf(
  asked: string | object,
  chosen: Preset,
  technology: Technology,
  { design }: Pick<Sources, 'design'> = NAMES,
): PricedDesign {
  if (typeof asked === 'string') return design(asked, chosen, technology);
  const change = (clean: Design): Design => designUnder(clean, chosen, technology);
  const seen = 'family' in asked ? change(asked as Design) : customDesign(asked, { technology, change });
  return priceDesign(seen, technology);
}

/** The preset of a question, with its repairs switched. */
export function presetOf(asked: Pick<Question, 'preset' | 'with' | 'without'>): Preset {
  const change: Partial<Record<Repair, boolean>> = {};
  for (const repair of asked.with) change[repair] = true;
  for (const repair of asked.without) change[repair] = false;
  return preset(asked.preset, change);
}

/** The costs that a question names, at its clock. */
export const technologyOf = (
  { technology, clock }: Pick<Question, 'technology' | 'clock'>,
  given: Technology = technologyNamed(technology),
): Technology => atClock(given, clock);

/** The surroundings that a question names. */
export const environmentOf = (asked: Question): Environment => ({
  dramGBps: asked.dramBandwidth,
  dramPicojoulesPerBit: asked.dramEnergy,
  linkBits: asked.linkBits,
  carbonIntensity: asked.carbonIntensity,
  fabricationMJPerMm2: asked.fabricationEnergy,
  lifetimeYears: asked.lifetime,
  ...(asked.schedule.length === 0 ? {} : { schedule: asked.schedule }),
});

/** Every design of a question, its baseline included, each once and in the order that they are named in. */
export function designsOf({
  designs,
  baseline,
}: Pick<Question, 'designs' | 'baseline'>): (string | object)[] {
  const all = baseline === undefined ? designs : [...designs, baseline];
  const texts = all.map((design) => JSON.stringify(design));
  return all.filter((_, at) => texts.indexOf(texts[at]) === at);
}

/** Answers a question: one evaluation for each of `designsOf(asked)`. */
export function answer(asked: Question, sources: Sources = NAMES): Evaluation[] {
  const chosen = presetOf(asked);
  const technology = technologyOf(asked);
  const environment = environmentOf(asked);
  const workload = workloadFor(modelOf(asked, sources), asked, chosen);
  const evaluated = (design: string | object): Evaluation =>
    evaluate(designOf(design, chosen, technology, sources), workload, chosen, environment);
  const own = designsOf({ designs: asked.designs }).length;
  return designsOf(asked).map((design, at) =>
    named(at < own ? 'design' : 'baseline', () => {
      const like = searchedLike(design);
      return like === undefined ? evaluated(design) : bestOf(like, shapesLike(like).map(evaluated));
    }),
  );
}

/** A mistake in the name of a design is in the key that names it. */
function named<T>(key: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof MugiError) || error.details.path !== 'design') throw error;
    throw new MugiError({ ...error.details, path: key });
  }
}

/**
 * A question about one design in the library's words: everything may be named or be the thing itself. What is left
 * out has the defaults of a question.
 */
export interface Point
  extends Omit<QuestionInput, 'version' | 'designs' | 'baseline' | 'model' | 'preset' | 'technology'> {
  /** A name (`mugi-256@4x4`), what a design file says, or a design. */
  design: string | object;
  /** A name, what a config.json says, or a model. */
  model: string | object;
  preset?: QuestionInput['preset'] | Preset;
  technology?: string | Technology;
  /** Instead of the single values of a question. */
  environment?: Environment;
}

/** Keys of a question that an environment answers; the clock is the chip's own. */
const SURROUNDINGS = ENVIRONMENT_KEYS.filter((key) => key !== 'clock');

/**
 * Evaluates one point; the shortest way from names to numbers. Texts are built-in names; with `FILES` (`mugi/models`) also paths.
 * @throws MugiError that names the key with a wrong value
 */
export function evaluatePoint(point: Point, sources: Sources = NAMES): Evaluation {
  const { design, model, preset: asPreset, technology: asTechnology, environment, ...rest } = point;
  if (typeof asPreset === 'object') refuseBeside(rest, ['with', 'without'], 'a preset');
  if (environment !== undefined) refuseBeside(rest, SURROUNDINGS, 'an environment');
  const asked = question({
    ...rest,
    ...(typeof asPreset === 'string' ? { preset: asPreset } : {}),
    ...(typeof asTechnology === 'string' ? { technology: asTechnology } : {}),
  });
  const chosen = typeof asPreset === 'object' ? asPreset : presetOf(asked);
  const technology = technologyOf(asked, typeof asTechnology === 'object' ? asTechnology : undefined);
  const workload = workloadFor(modelOf({ model, dims: asked.dims }, sources), asked, chosen);
  const surroundings = environment ?? environmentOf(asked);
  const evaluated = (one: string | object): Evaluation =>
    evaluate(designOf(one, chosen, technology, sources), workload, chosen, surroundings);
  const like = searchedLike(design);
  return like === undefined ? evaluated(design) : bestOf(like, shapesLike(like).map(evaluated));
}

function refuseBeside(given: object, keys: readonly string[], whole: string): void {
  const key = keys.find((name) => (given as Record<string, unknown>)[name] !== undefined);
  if (key === undefined) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `${key} would have no effect beside ${whole} that is given whole`,
    path: key,
    expected: 'one of the two',
  });
}
