import type { NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { Mode } from '../../vlp/mode.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import type { VlpSwitches } from '../../vlp/switches.ts';
import type { PlannedFunction } from '../plan/plan-file.ts';
import type { RangeCount } from '../score/score-runs.ts';
import type { WindowEntry } from '../windows/window-file.ts';

/** What VLP needs to know besides the model. */
export interface NonlinearSettings {
  mode: Mode;
  mantissaBits: number;
  /** Exponents in the LUT when windows are chosen automatically. */
  lutSize: number;
  /** Inputs that share a sliding window. */
  groupRows: number;
  /** How softmax adds a row. */
  rowSum: RowSum;
  /** What VLP computes besides, and how its tables answer. */
  functions: VlpSwitches;
  /** Windows; where none holds, [−4, 3] (softmax and activations alike). */
  windows: readonly WindowEntry[];
  /** What `vlp` stands for place by place, where a plan says so. */
  plan?: readonly PlannedFunction[];
}

export interface MethodUnit {
  unit: NonlinearEvaluator;
  /** Counts since the last call. */
  ranges(): RangeCount;
  /** Parameters in one line. */
  label: string;
}
