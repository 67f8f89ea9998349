import { nodeCount, RESOURCES } from '../design/design.ts';
import type { GemmOperator, Workload } from '../workload/operator.ts';
import type { OperatorEvaluation } from './evaluation.ts';
import type { PricedDesign } from './price.ts';

/** What SCALE-Sim counts for a topology on the same array. */
export interface ScaleSimCycles {
  /** Cycles that the array computes. */
  compute_cycles: number;
  /** The same as its report prints them: the number of a layer's last cycle, counted from 0, summed over layers. */
  reported_cycles: number;
  /**
   * Cycles of the array here beyond them: finished sums leave before the next tile (`drain.ts`), or weights are loaded
   * again for each tile of activations, and the accumulator takes the last sum.
   */
  drain_cycles: number;
}

/**
 * Compute cycles of a product by SCALE-Sim's closed form (Samajdar et al., ISPASS 2020, §III): folds × (T + R + C − 2), with
 * R cycles more a fold where weights are loaded first. Its rows are our columns: they take activations where outputs
 * stay, and inputs of a product where weights do.
 */
function computeCycles({ m, k, n }: GemmOperator, { array }: PricedDesign['design']): number {
  const { columns: R, rows: C } = array;
  const [rows, time, load] = array.stationary === 'output' ? [m, k, 0] : [k, m, R];
  return Math.ceil(Number(rows) / R) * Math.ceil(Number(n) / C) * (Number(time) + load + R + C - 2);
}

/** Of one layer, depthwise channels together; undefined where SCALE-Sim has no such array or list. */
export function scaleSimLayer(
  { operator }: Pick<OperatorEvaluation, 'operator'>,
  { topology }: Workload,
  { design }: PricedDesign,
): number | undefined {
  const { pipeline, depth } = design.array;
  // SIMD arrays skew nothing, and a second weight register hides loads that SCALE-Sim counts.
  const weights = pipeline.kind === 'weight-stationary' && pipeline.skew !== 0 && pipeline.registers !== 2;
  const systolic = weights || pipeline.kind === 'output-stationary';
  if (topology !== true || !systolic || depth > 1 || nodeCount(design) > 1) return undefined;
  return operator.kind === 'gemm' ? computeCycles(operator, design) * layersOf(operator) : 0;
}

const layersOf = ({ repeat, layers }: OperatorEvaluation['operator']): number => repeat * layers;

/** Of a whole topology on one systolic array; undefined for everything else. */
export function scaleSimCycles(evaluation: {
  readonly workload: Workload;
  readonly priced: PricedDesign;
  readonly operators: readonly OperatorEvaluation[];
}): ScaleSimCycles | undefined {
  const { workload, priced, operators } = evaluation;
  let [compute, layers, array] = [0, 0, 0];
  for (const one of operators) {
    const cycles = scaleSimLayer(one, workload, priced);
    if (cycles === undefined) return undefined;
    compute += cycles;
    layers += layersOf(one.operator);
    array += one.work.load[RESOURCES.indexOf('array')];
  }
  return { compute_cycles: compute, reported_cycles: compute - layers, drain_cycles: array - compute };
}

const count = (value: number): string => value.toLocaleString('en-US');

/** The same in a sentence. */
export function scaleSimNote(evaluation: Parameters<typeof scaleSimCycles>[0]): string | undefined {
  const cycles = scaleSimCycles(evaluation);
  if (cycles === undefined) return undefined;
  const { compute_cycles: compute, reported_cycles: reported, drain_cycles: drain } = cycles;
  const more =
    drain > 0
      ? `; here finished sums, and weights that are loaded again, keep the array ${count(drain)} more, which SCALE-Sim does not count (--without node-cycles)`
      : '';
  return `${count(compute)} compute cycles as SCALE-Sim counts them (its report says ${count(reported)}, since it numbers each layer's cycles from 0)${more}`;
}
