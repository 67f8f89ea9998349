import { designNamed } from '../design/index.ts';
import { affordable } from '../design/mac-array.ts';
import { type Preset, preset, type PresetName, type Repairs } from '../preset.ts';
import { DEFAULT_ENVIRONMENT, type Environment } from '../technology/environment.ts';
import { PUBLISHED_45 } from '../technology/published-45.ts';
import type { Technology } from '../technology/technology.ts';
import type { WorkloadOptions } from '../workload/options.ts';
import type { ModelShape } from '../workload/model.ts';
import { modelNamed } from '../workload/models.ts';
import type { Workload } from '../workload/operator.ts';
import { workloadOf } from '../workload/workload.ts';
import { evaluate } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { type PricedDesign, priceDesign } from './price.ts';

/** One question: this design, this model, this use. Everything else has the paper's defaults. */
export interface Point {
  design: string;
  model: string | ModelShape;
  batch?: number;
  context?: number;
  prefill?: number;
  preset?: PresetName | Preset;
  technology?: Technology;
  environment?: Environment;
  weightBits?: number;
  kvBits?: number;
}

export const DEFAULTS = {
  batch: 8,
  context: 4096,
  prefill: 64,
  activationBits: 16,
  weightBits: 4,
  kvBits: 4,
} as const;

const priced = new Map<string, PricedDesign>();

/** The priced design of a name; remembered, since it depends on neither model nor use. */
export function pricedDesign(
  name: string,
  { name: presetName, repairs }: Preset,
  technology: Technology,
): PricedDesign {
  const key = `${name}|${presetName}|${technology.name}`;
  const known = priced.get(key);
  if (known !== undefined) return known;
  const made = priceDesign(designNamed(name, affordable(repairs, technology)), technology);
  priced.set(key, made);
  return made;
}

/** How a preset turns a model into operators. */
export function workloadOptions(
  use: Pick<WorkloadOptions, 'batch' | 'context' | 'prefill'> & Partial<WorkloadOptions>,
  repairs: Repairs,
): WorkloadOptions {
  return {
    activationBits: DEFAULTS.activationBits,
    weightBits: DEFAULTS.weightBits,
    kvBits: DEFAULTS.kvBits,
    publishedRepeats: !repairs['decode-repeats'],
    norms: repairs.norms,
    rope: repairs.rope,
    residuals: repairs.residuals,
    gateProducts: repairs['gate-products'],
    causalPrefill: repairs['causal-prefill'],
    kvWrites: repairs['kv-writes'],
    ...use,
  };
}

/** What is asked of a model; bits as the model says, else 4. */
export interface Use {
  batch: number;
  context: number;
  prefill: number;
  weightBits?: number;
  kvBits?: number;
}

/** The workload of a model in use, as a preset's repairs see it. */
export function workloadFor(model: ModelShape, use: Use, repairs: Repairs): Workload {
  const { batch, context, prefill } = use;
  const weightBits = use.weightBits ?? model.weightBits ?? DEFAULTS.weightBits;
  const kvBits = use.kvBits ?? model.kvBits ?? DEFAULTS.kvBits;
  return workloadOf(model, workloadOptions({ batch, context, prefill, weightBits, kvBits }, repairs));
}

/** Evaluates one point; the shortest way from names to numbers. */
export function evaluatePoint(point: Point): Evaluation {
  const chosen = typeof point.preset === 'object' ? point.preset : preset(point.preset ?? 'corrected');
  const model = typeof point.model === 'string' ? modelNamed(point.model) : point.model;
  const {
    batch = DEFAULTS.batch,
    context = DEFAULTS.context,
    prefill = Math.min(DEFAULTS.prefill, context),
  } = point;
  const workload = workloadFor(model, { ...point, batch, context, prefill }, chosen.repairs);
  const design = pricedDesign(point.design, chosen, point.technology ?? PUBLISHED_45);
  return evaluate(design, workload, chosen, point.environment ?? DEFAULT_ENVIRONMENT);
}
