import { nodeCount, runOf } from '../design/design.ts';
import { nonlinearVector } from '../design/mapping/counts.ts';
import { mapNonlinear } from '../design/mapping/nonlinear.ts';
import type { NonlinearOperator } from '../workload/operator.ts';
import { executeElementwise } from './elementwise.ts';
import { applyRules, type Execution, moving, occupyEdges, occupySrams, type System } from './execution.ts';
import type { PricedDesign } from './price.ts';

/** One execution of a nonlinear operator on a priced design. */
export function executeNonlinear(priced: PricedDesign, op: NonlinearOperator, system: System): Execution {
  const { design } = priced;
  if (op.function === 'relu') return executeRelu(priced, op, system);
  const { counts, traffic } = mapNonlinear(design, op);
  const needed = op.needed ?? 1;
  if (needed < 1) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[])
      if (key !== 'mappings') counts[key] *= needed;
  }
  const { reads, writes, sequence } = runOf(design, op.function);
  const { lutWords } = design.nonlinear;
  const tableWrites = lutWords.write * counts.mappings;
  const execution = moving({ input: traffic * needed, weight: 0, output: traffic * needed }, [
    lutWords.read * counts.steps * (sequence?.lutPasses ?? 1),
    tableWrites,
    0,
    0,
    reads * counts.passWords + counts.drainWords,
    writes * counts.passWords + counts.drainWords,
  ]);
  execution.elements = counts.elements;
  execution.drains = counts.drainWords;
  execution.fills = counts.drainWords;
  const rules = op.function === 'softmax' ? priced.softmax : priced.activation;
  applyRules(execution, rules, nonlinearVector(counts), nodeCount(design));
  // Words of a table's row come from different banks in one cycle, and what that takes is in the sequence.
  occupySrams(execution, priced, sequence === undefined ? undefined : tableWrites);
  occupyEdges(execution, design, system);
  return execution;
}

/** ReLU needs no approximation: one comparison an element on the adders. */
function executeRelu(priced: PricedDesign, op: NonlinearOperator, system: System): Execution {
  const { elements } = mapNonlinear(priced.design, op).counts;
  const work = { elements, multiplies: 0, adds: elements, divides: 0, reads: 1, writes: 1, operands: 1 };
  const execution = executeElementwise(priced, work, system);
  execution.elements = elements;
  return execution;
}
