import { nodeCount } from '../../design/design.ts';
import { scaleBitsWritten } from '../../design/mapping/scales.ts';
import type { ElementwiseOperator, TransferOperator } from '../../workload/operator.ts';
import { type Execution, moving, LOAD, occupyEdges, occupySrams, portsOf, type System } from './execution.ts';
import type { PricedDesign } from '../price.ts';

const ELEMENT_BITS = 16;

/** Passes over the tensor in the output SRAM, and operands that come from DRAM. */
export const PASSES: Record<
  ElementwiseOperator['function'],
  { reads: number; writes: number; operands: number }
> = {
  rmsnorm: { reads: 2, writes: 1, operands: 1 },
  layernorm: { reads: 3, writes: 1, operands: 1 },
  rope: { reads: 1, writes: 1, operands: 1 },
  residual: { reads: 2, writes: 1, operands: 2 },
  gate: { reads: 2, writes: 1, operands: 2 },
  combine: { reads: 2, writes: 1, operands: 1 },
  convolution: { reads: 1, writes: 1, operands: 1 },
  recurrence: { reads: 1, writes: 1, operands: 1 },
};

export interface ElementwiseWork {
  elements: number;
  multiplies: number;
  adds: number;
  divides: number;
  reads: number;
  writes: number;
  operands: number;
}

/** Element-wise work on the vector multipliers and the adders, which run side by side. */
export function executeElementwise(priced: PricedDesign, work: ElementwiseWork, system: System): Execution {
  const { design } = priced;
  const { multiplyLanes, addLanes, divideMultiplies } = design.elementwise;
  const multiplies = work.multiplies + work.divides * divideMultiplies;
  const words = (work.elements * ELEMENT_BITS) / design.sram.output.wordBits;
  const bits = work.elements * ELEMENT_BITS;
  // Each operand enters the SRAM once, the result leaves it once.
  const execution = moving({ input: bits * work.operands, weight: 0, output: bits }, [
    0,
    0,
    0,
    0,
    words * (work.reads + 1),
    words * (work.writes + work.operands),
  ]);
  execution.load[LOAD.vector] =
    Math.max(multiplies / multiplyLanes, work.adds / addLanes) / nodeCount(design);
  execution.multiplies = multiplies;
  execution.adds = work.adds;
  execution.drains = words;
  execution.fills = words * work.operands;
  occupySrams(execution, priced, portsOf(execution.words), nodeCount(design));
  occupyEdges(execution, design, system);
  return execution;
}

/** Data written off-chip without arithmetic. */
export function executeTransfer(priced: PricedDesign, op: TransferOperator, system: System): Execution {
  const bits = op.bits + scaleBitsWritten(priced.design, op);
  const words = bits / priced.design.sram.output.wordBits;
  const execution = moving({ input: 0, weight: 0, output: bits }, [0, 0, 0, 0, words, 0]);
  execution.drains = words;
  occupySrams(execution, priced, portsOf(execution.words), nodeCount(priced.design));
  occupyEdges(execution, priced.design, system);
  return execution;
}
