import { type Resource, RESOURCES } from '../design/design.ts';
import type { Repairs } from '../preset.ts';
import type { Operator } from '../workload/operator.ts';
import { executeElementwise, executeTransfer, PASSES } from './elementwise.ts';
import type { Execution, System } from './execution.ts';
import { executeGemm } from './gemm.ts';
import { executeNonlinear } from './nonlinear.ts';
import type { PricedDesign } from './price.ts';

/** An operator with what all its executions in all layers do to the chip. */
export interface OperatorResult {
  operator: Operator;
  /** Cycles of all executions: those of the slowest resource. */
  cycles: number;
  /** What the operator waits for. */
  bound: Resource;
  work: Execution;
}

export function evaluateOperator(
  priced: PricedDesign,
  operator: Operator,
  repairs: Repairs,
  system: System,
): OperatorResult {
  const work = execute(priced, operator, repairs, system);
  const times = operator.repeat * operator.layers;
  const { load, counts, dram } = work;
  let slowest = 0;
  for (let i = 0; i < load.length; i++) {
    load[i] *= times;
    if (load[i] > load[slowest]) slowest = i;
  }
  for (let i = 0; i < counts.length; i++) counts[i] *= times;
  work.macs *= times;
  work.issuedMacs *= times;
  work.elements *= times;
  work.multiplies *= times;
  work.adds *= times;
  work.inputReads *= times;
  work.inputWrites *= times;
  work.weightReads *= times;
  work.weightWrites *= times;
  work.outputReads *= times;
  work.outputWrites *= times;
  work.routing *= times;
  dram.input *= times;
  dram.weight *= times;
  dram.output *= times;
  return { operator, cycles: load[slowest], bound: RESOURCES[slowest], work };
}

function execute(priced: PricedDesign, operator: Operator, repairs: Repairs, system: System): Execution {
  switch (operator.kind) {
    case 'gemm':
      return executeGemm(priced, operator, repairs, system);
    case 'nonlinear':
      return executeNonlinear(priced, operator, repairs, system);
    case 'elementwise':
      return executeElementwise(priced, { ...operator, ...PASSES[operator.function] }, repairs, system);
    case 'transfer':
      return executeTransfer(priced, operator, repairs, system);
  }
}
