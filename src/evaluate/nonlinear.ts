import { type Design, nodeCount } from '../design/design.ts';
import { mapNonlinear } from '../design/mapping/nonlinear.ts';
import { nonlinearVector } from '../design/mapping/counts.ts';
import { publishedNonlinearRouting } from '../design/mapping/router.ts';
import { sumFloor } from '../design/mapping/series.ts';
import type { Repairs } from '../preset.ts';
import { isSpan, type NonlinearOperator, total } from '../workload/operator.ts';
import { executeElementwise } from './elementwise.ts';
import {
  applyRules,
  type Execution,
  idle,
  LOAD,
  occupyEdges,
  occupySrams,
  type System,
} from './execution.ts';
import type { PricedDesign } from './price.ts';

/** One execution of a nonlinear operator on a priced design. */
export function executeNonlinear(
  priced: PricedDesign,
  op: NonlinearOperator,
  repairs: Repairs,
  system: System,
): Execution {
  const { design } = priced;
  if (op.function === 'relu') return executeRelu(priced, op, repairs, system);
  const { counts, traffic } = mapNonlinear(design, op);
  const needed = op.needed ?? 1;
  if (needed < 1) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[])
      if (key !== 'mappings') counts[key] *= needed;
  }
  const execution = idle();
  execution.elements = counts.elements;
  execution.dram = { input: traffic * needed, weight: 0, output: traffic * needed };
  const { reads, writes } = design.nonlinear.passes(op.function);
  const { lutWords } = design.nonlinear;
  const arrayReads = reads * counts.passWords;
  const arrayWrites = writes * counts.passWords;
  const sequence = design.nonlinear.sequence?.(op.function);
  const lutPasses = sequence?.lutPasses ?? 1;
  execution.inputReads = lutWords.read * counts.steps * lutPasses;
  execution.inputWrites = lutWords.write * counts.mappings;
  execution.outputReads = arrayReads + counts.drainWords;
  execution.outputWrites = arrayWrites + counts.drainWords;
  const rules = op.function === 'softmax' ? priced.softmax : priced.activation;
  const truncated = repairs['whole-counts'] ? undefined : (count: number) => wholeCount(count, op, design);
  applyRules(execution, rules, nonlinearVector(counts), nodeCount(design), truncated);
  occupySrams(
    execution,
    priced,
    Math.max(execution.inputReads, execution.inputWrites),
    0,
    Math.max(arrayReads, arrayWrites, counts.drainWords),
    repairs,
  );
  // Words of a table's row come from different banks in one cycle, and what that takes is in the sequence.
  if (sequence !== undefined)
    execution.load[LOAD.input] = (execution.inputWrites * priced.accessCycles.input) / nodeCount(design);
  occupyEdges(execution, design, repairs, system, () =>
    publishedNonlinearRouting(design, op, lutWords.write),
  );
  return execution;
}

/**
 * A count truncated to an integer at each position. It grows linearly with the position, in steps of a lane's
 * share, so that the sum of the floors is a closed form too.
 */
function wholeCount(count: number, { columns }: NonlinearOperator, { nonlinear }: Design): number {
  if (!isSpan(columns)) return Math.trunc(count);
  const { lanes } = nonlinear;
  const perPosition = (count / total(columns)) * lanes;
  const whole = Math.round(perPosition);
  // A count that does not depend on the position (one a mapping) is whole already.
  if (Math.abs(perPosition - whole) > 1e-6 * perPosition) return count;
  return sumFloor(columns.to + 1, lanes, whole, 0) - sumFloor(columns.from, lanes, whole, 0);
}

/** ReLU needs no approximation: one comparison an element on the adders. */
function executeRelu(
  priced: PricedDesign,
  op: NonlinearOperator,
  repairs: Repairs,
  system: System,
): Execution {
  const { elements } = mapNonlinear(priced.design, op).counts;
  const work = { elements, multiplies: 0, adds: elements, divides: 0, reads: 1, writes: 1, operands: 1 };
  const execution = executeElementwise(priced, work, repairs, system);
  execution.elements = elements;
  return execution;
}
