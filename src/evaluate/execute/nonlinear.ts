import { type Design, isMeshed, nodeCount, runOf } from '../../design/design.ts';
import { type NonlinearCounts, nonlinearVector } from '../../design/mapping/counts.ts';
import { ELEMENT_BITS, mapNonlinear } from '../../design/mapping/nonlinear.ts';
import { planOfTensor } from '../../design/mesh/tensor.ts';
import { type NonlinearOperator, ROUTER_SOFTMAX, total } from '../../workload/operator.ts';
import { EXACT_SOFTMAX } from '../../design/vector-unit.ts';
import { executeElementwise } from './elementwise.ts';
import {
  applyRules,
  type Execution,
  moving,
  occupyEdges,
  occupyLinks,
  occupySrams,
  portsOf,
  type System,
  WRITES,
} from './execution.ts';
import type { PricedDesign } from '../price.ts';

/** One execution of a nonlinear operator on a priced design. */
export function executeNonlinear(priced: PricedDesign, op: NonlinearOperator, system: System): Execution {
  const { design } = priced;
  if (op.function === 'relu') return executeRelu(priced, op, system);
  if (op.name === ROUTER_SOFTMAX && design.arithmetic.functions.router === 'exact')
    return executeExactSoftmax(priced, op, system);
  const plan = isMeshed(design) ? planOfTensor(design, op) : undefined;
  const counts = countsOf(design, op);
  const busiest = plan === undefined ? counts : countsOf(design, plan.node);
  if (plan !== undefined) counts.mappings *= plan.nodes;
  const over = plan === undefined ? nodeCount(design) : 1;
  const bits = elementsOf(op) * ELEMENT_BITS;
  const words = wordsOf(design, op, counts);
  const execution = moving({ input: bits, weight: 0, output: bits }, words);
  execution.elements = counts.elements;
  execution.drains = counts.drainWords;
  execution.fills = counts.drainWords;
  const vector = nonlinearVector(counts);
  const rules = op.function === 'softmax' ? priced.softmax : priced.activation;
  applyRules(execution, rules, vector, plan === undefined ? vector : nonlinearVector(busiest), over);
  const own = plan === undefined ? words : wordsOf(design, op, busiest);
  const ports = portsOf(own);
  // Words of a table's row come from different banks in one cycle, and what that takes is in the sequence.
  if (runOf(design, op.function).sequence !== undefined) ports[0] = own[WRITES.input];
  occupySrams(execution, priced, ports, over);
  occupyEdges(execution, design, system);
  if (plan !== undefined) {
    occupyLinks(execution, bits * plan.busiestLine, 2 * bits * plan.hops, system);
    execution.mesh = {
      parts: [
        { axis: 'rows', parts: plan.parts.rows },
        { axis: 'columns', parts: plan.parts.columns },
      ].filter(({ parts }) => parts > 1),
      nodes: plan.nodes,
      balance: counts.steps / (busiest.steps * nodeCount(design)),
      delivered: 2 * bits,
      partials: 0,
    };
  }
  return execution;
}

/** Counts of an operator on one node, of which causality may leave a share. */
function countsOf(design: Design, op: NonlinearOperator): NonlinearCounts {
  const { counts } = mapNonlinear(design, op);
  const { needed = 1 } = op;
  if (needed < 1) {
    for (const key of Object.keys(counts) as (keyof typeof counts)[])
      if (key !== 'mappings' && key !== 'tiles') counts[key] *= needed;
  }
  return counts;
}

const elementsOf = ({ rows, columns, needed = 1 }: NonlinearOperator): number =>
  rows * total(columns) * needed;

/** SRAM words of a mapping, in the layout of an execution. */
function wordsOf(design: Design, op: NonlinearOperator, counts: NonlinearCounts): number[] {
  const { reads, writes, sequence } = runOf(design, op.function);
  const { lutWords } = design.nonlinear;
  return [
    lutWords.read * counts.steps * (sequence?.lutPasses ?? 1),
    lutWords.write * counts.mappings,
    0,
    0,
    reads * counts.passWords + counts.drainWords,
    writes * counts.passWords + counts.drainWords,
  ];
}

/** Softmax by iteration on the multipliers and adders of an array that looks all others up. */
function executeExactSoftmax(priced: PricedDesign, op: NonlinearOperator, system: System): Execution {
  const { elements } = mapNonlinear(priced.design, op).counts;
  const multiplies = elements * EXACT_SOFTMAX.multiplies;
  const adds = elements * EXACT_SOFTMAX.adds;
  const work = { elements, multiplies, adds, divides: 0, reads: 3, writes: 2, operands: 1 };
  const execution = executeElementwise(priced, work, system);
  execution.elements = elements;
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
