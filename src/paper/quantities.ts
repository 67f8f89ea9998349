import { componentUse } from '../evaluate/components.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluate/evaluation.ts';
import { combined } from '../evaluate/quantity.ts';
import { evaluatePoint, type Point } from '../question/point.ts';

/** What the paper's figures are made of: work, time and energy of some operators, and efficiencies from them. */
export interface Quantity {
  /** Operations in units of 1e9, as the figure counts them. */
  work: number;
  time_s: number;
  /** Dynamic on-chip energy. */
  energy_J: number;
}

export interface Efficiencies {
  throughput: number;
  energy_efficiency: number;
  power_efficiency: number;
}

export const METRICS = ['throughput', 'energy_efficiency', 'power_efficiency'] as const;

/** Rate, rate over total energy, rate over total power; leakage is the whole chip's (artifact's definitions). */
export function efficiencies({ work, time_s, energy_J }: Quantity, leakage_W: number): Efficiencies {
  const throughput = work / time_s;
  const total = energy_J + leakage_W * time_s;
  return {
    throughput,
    energy_efficiency: throughput / total,
    power_efficiency: throughput / (total / time_s),
  };
}

export const geometricMean = (values: readonly number[]): number => combined('geometric-mean', values);

export type Both<T> = { as_published: T; corrected: T };

const PRESETS = ['as-published', 'corrected'] as const;

/** The same quantity from both presets. */
export const both = <T>(make: (preset: (typeof PRESETS)[number]) => T): Both<T> => ({
  as_published: make('as-published'),
  corrected: make('corrected'),
});

/** One evaluation. Not remembered: at tens of microseconds a point, memory would cost more than time. */
export function point(
  design: string,
  model: string,
  preset: Point['preset'],
  use: Pick<Point, 'batch' | 'context' | 'technology'> = {},
): Evaluation {
  return evaluatePoint({ design, model, ...(preset === undefined ? {} : { preset }), ...use });
}

/** One layer of the operators that `wanted` picks; the output head counts once. */
export function oneLayer(
  { operators }: Evaluation,
  wanted: (operator: OperatorEvaluation['operator']) => boolean,
): Quantity & { macs: number; elements: number } {
  const sum = { work: 0, time_s: 0, energy_J: 0, macs: 0, elements: 0 };
  for (const { operator, time, energy, work } of operators) {
    if (!wanted(operator)) continue;
    sum.time_s += time / operator.layers;
    sum.energy_J += energy / operator.layers;
    sum.macs += work.issuedMacs / operator.layers;
    sum.elements += work.elements / operator.layers;
  }
  return sum;
}

/**
 * Work of a whole inference as Figs. 14 and 17 count it, 1e9 operations: two a MAC, and two an activation of the
 * module that stands for nonlinear work, which differs by design (AND gates, operand registers).
 */
export function modelWork(evaluation: Evaluation): number {
  const { macs, activations } = modelOperations(evaluation);
  return MODEL_OPERATIONS * (macs + activations);
}

/** Operations of a product or an activation, in units of 1e9. */
export const MODEL_OPERATIONS = 2e-9;

/** The products and activations of a whole inference that Figs. 14 and 17 count. */
export function modelOperations(evaluation: Evaluation): { macs: number; activations: number } {
  let macs = 0;
  for (const { work } of evaluation.operators) macs += work.issuedMacs;
  const vlp = ['mugi', 'mugi-l'].includes(evaluation.priced.design.family);
  const nonlinear = evaluation.operators.filter(({ operator }) => operator.kind === 'nonlinear');
  const counted = vlp ? 'and_gate' : 'register_vector';
  const activations = componentUse(evaluation, nonlinear).find(({ name }) => name === counted)!.activations;
  return { macs, activations };
}

export const LLAMAS = ['llama-2-7b', 'llama-2-13b', 'llama-2-70b-mha'] as const;
export const ALL_LLAMAS = [...LLAMAS, 'llama-2-70b'] as const;

export const MODEL_LABELS: Readonly<Record<string, string>> = {
  'llama-2-7b': '7B',
  'llama-2-13b': '13B',
  'llama-2-70b-mha': '70B',
  'llama-2-70b': '70B GQA',
};
