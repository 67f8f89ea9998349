import { meshedName } from '../design/design.ts';
import type { Evaluation, Metric, Preset } from './evaluation.ts';
import { CARBON } from './metric/carbon.ts';
import { CHIP } from './metric/chip.ts';
import { ENERGY } from './metric/energy.ts';
import { TIME } from './metric/time.ts';

/** Every figure of merit, in the order of the output; the contract of `mugi evaluate --json`. */
export const METRICS = [...TIME, ...ENERGY, ...CHIP, ...CARBON] as const;

export type MetricName = (typeof METRICS)[number]['name'];
/** Metrics of decoding, which an inference without a decoder lacks. */
type Absent = 'time_per_output_token_s' | 'decode_tokens_per_s';
type Values = { [Name in MetricName]: Name extends Absent ? number | null : number };

/** The metrics of a preset, some of which its changes may define otherwise. */
export const metricsOf = ({ changes }: Pick<Preset, 'changes'>): readonly Metric[] =>
  METRICS.map((metric: Metric) => changes.metric.find(({ name }) => name === metric.name) ?? metric);

/** What an evaluation is of, beside its metrics. */
export const facts = (evaluation: Evaluation) => ({
  design: designName(evaluation),
  model: evaluation.workload.model,
  batch: evaluation.workload.batch,
  context: evaluation.workload.context,
  prefill: evaluation.workload.prefill,
  preset: evaluation.preset.name,
  technology: evaluation.priced.technology.name,
});

export type Metrics = ReturnType<typeof facts> & Values;

/** The figures of merit of one evaluation under their names, behind what they are of. */
export function metrics(evaluation: Evaluation): Metrics {
  const values = metricsOf(evaluation.preset).map(({ name, value }) => [name, value(evaluation)]);
  return { ...facts(evaluation), ...(Object.fromEntries(values) as Values) };
}

/** Name of the design of an evaluation, its mesh included: `mugi-256@4x4`. */
export const designName = ({ priced }: Pick<Evaluation, 'priced'>): string => meshedName(priced.design);
