import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import type { Combine, Quantity } from './quantity.ts';

/** One figure of merit: the only place that says what it is called, measured in, and made of. */
export interface Metric<Name extends string = string> {
  /** Key in JSON and CSV. */
  name: Name;
  /** Words for people. */
  label: string;
  unit: string;
  /** Which way is better, where one is. */
  better?: 'higher' | 'lower';
  /** As tables print it, where that is not in `unit`; `short` heads a narrow column. */
  printed?: { unit: string; scale: number };
  short?: string;
  formula: string;
  /** Null where the inference has none, such as the latency of a token where nothing is decoded. */
  value(evaluation: Evaluation): number | null;
  /** What an operator contributes to a metric that sums over operators. */
  over?(operator: OperatorEvaluation, evaluation: Evaluation): number;
  combine: Combine;
  /** What it is made of; `metric` gives other metrics. */
  parts(evaluation: Evaluation, metric: (name: string) => Quantity): Quantity[];
}
