import { nodeCount } from '../design/design.ts';
import { mapNonlinear, nonlinearVector } from '../design/mapping/nonlinear.ts';
import { publishedNonlinearRouting } from '../design/mapping/router.ts';
import type { Repairs } from '../preset.ts';
import { isSpan, type NonlinearOperator } from '../workload/operator.ts';
import { executeElementwise } from './elementwise.ts';
import { applyRules, type Execution, idle, occupyEdges, occupySrams, type System } from './execution.ts';
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
  execution.inputReads = lutWords.read * counts.steps;
  execution.inputWrites = lutWords.write * counts.mappings;
  execution.outputReads = arrayReads + counts.drainWords;
  execution.outputWrites = arrayWrites + counts.drainWords;
  const truncate = !repairs['whole-counts'] && !isSpan(op.columns);
  const rules = op.function === 'softmax' ? priced.softmax : priced.activation;
  applyRules(execution, rules, nonlinearVector(counts), truncate, nodeCount(design));
  occupySrams(
    execution,
    priced,
    Math.max(execution.inputReads, execution.inputWrites),
    0,
    Math.max(arrayReads, arrayWrites, counts.drainWords),
    repairs,
  );
  occupyEdges(execution, design, repairs, system, () =>
    publishedNonlinearRouting(design, op, lutWords.write),
  );
  return execution;
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
