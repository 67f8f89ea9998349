import type { Resource } from '../design/design.ts';
import type { Preset } from '../preset.ts';
import type { Environment } from '../technology/environment.ts';
import type { Joules, Seconds, SquareMillimetres, Watts } from '../units.ts';
import type { Group, Operator, Workload } from '../workload/operator.ts';
import type { Carbon } from './carbon.ts';
import type { Execution } from './execution.ts';
import type { PricedDesign } from './price.ts';
import type { Share } from './share.ts';

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
}
