import type { Design, Resource } from '../design/design.ts';
import type { Environment } from '../technology/environment.ts';
import type { Joules, Seconds, SquareMillimetres, Watts } from '../units.ts';
import type { ModelShape } from '../workload/model.ts';
import type { Group, Omissible, Operator, Workload } from '../workload/operator.ts';
import type { Carbon, CarbonBasis } from './carbon.ts';
import type { Execution } from './execute/execution.ts';
import type { PricedDesign } from './price.ts';
import type { Combine, Quantity } from './quantity.ts';
import type { Share } from './share.ts';

/** An evaluation, the preset that it is made under, and what a metric of it is: they refer to one another. */

export interface OperatorEvaluation {
  operator: Operator;
  /** Cycles of all executions in all layers. */
  cycles: number;
  /** What the operator waits for. */
  bound: Resource;
  /** What it does to the chip, all executions. */
  work: Execution;
  time: Seconds;
  energy: Joules;
  /** MACs over those that the array could have issued in the operator's time. */
  utilisation: number;
}

/** One design on one workload, with everything that its numbers rest on. */
export interface Evaluation {
  priced: PricedDesign;
  workload: Workload;
  preset: Preset;
  environment: Environment;
  operators: OperatorEvaluation[];
  groups: Record<Group, Share>;
  gemm: Share;
  nonlinear: Share;
  other: Share;
  total: Share;
  leakage: Watts;
  area: SquareMillimetres;
  carbon: Carbon;
  /** What the design was chosen from, where it was searched for this workload. */
  searched?: string;
}

/** What the metrics of an evaluation are made of; a sweep makes no more of a point. */
export interface Totals
  extends Pick<
    Evaluation,
    | 'workload'
    | 'environment'
    | 'groups'
    | 'gemm'
    | 'nonlinear'
    | 'other'
    | 'total'
    | 'leakage'
    | 'area'
    | 'carbon'
  > {
  operators: readonly Pick<OperatorEvaluation, 'operator' | 'time'>[];
}

/** Where a preset may reach into the model of the hardware. */
export interface Change {
  /** Kind of operator that is left out of an inference. */
  omits: Omissible;
  /** Changes an operator of an inference in place, one that never runs (repeat 0) included. */
  workload: (operator: Operator, model: ModelShape) => void;
  /** What a design is made of and how it maps operators. */
  design: (design: Design) => Design;
  /** One execution of one operator in one layer, in place. */
  execution: (work: Execution, operator: Operator, priced: PricedDesign) => void;
  /** Operational and embodied carbon of a whole inference. */
  carbon: (carbon: Carbon, basis: CarbonBasis) => Carbon;
  /** A metric that takes the place of the one of its name. */
  metric: Metric;
}

/** Changes by the place that they reach, each list in the order in which it is applied. */
export type Changes = { readonly [Place in keyof Change]: readonly Change[Place][] };

/** The model of the hardware, and what is changed of it. */
export interface Preset {
  /** `corrected −bandwidth`. */
  name: string;
  /** Options of the command line that make it. */
  flags: string;
  /** Every switch of the published model, on where it is repaired. */
  repairs: Readonly<Record<string, boolean>>;
  changes: Changes;
}

/** One figure of merit: the only place that says what it is called, measured in, and made of. */
export interface Metric<Name extends string = string> {
  /** Key in JSON and CSV. */
  name: Name;
  /** Words for people. */
  label: string;
  unit: string;
  /** Which way is better, where one is. */
  better?: 'higher' | 'lower';
  formula: string;
  /** Null where the inference has none, such as the latency of a token where nothing is decoded. */
  value(evaluation: Totals): number | null;
  /** What an operator contributes to a metric that sums over operators. */
  over?(operator: OperatorEvaluation, evaluation: Evaluation): number;
  combine: Combine;
  /** What it is made of; `metric` gives other metrics. */
  parts(evaluation: Evaluation, metric: (name: string) => Quantity): Quantity[];
}
