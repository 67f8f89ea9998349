import { type Resource, RESOURCES } from '../../design/design.ts';
import { lookUpsOf } from '../../design/look-ups.ts';
import type { Operator } from '../../workload/operator.ts';
import { executeElementwise, executeTransfer, PASSES } from './elementwise.ts';
import type { Changes } from '../evaluation.ts';
import { type Execution, repeatExecution, type System } from './execution.ts';
import { executeGemm } from './gemm.ts';
import { executeLookUps } from './look-up.ts';
import { executeNonlinear } from './nonlinear.ts';
import type { PricedDesign } from '../price.ts';

/** An operator with what all its executions in all layers do to the chip. */
export interface OperatorResult {
  operator: Operator;
  /** Cycles of all executions: those of the slowest resource. */
  cycles: number;
  /** What the operator waits for. */
  bound: Resource;
  work: Execution;
}

/** `changes`: what a preset does to each execution; none for the model of the hardware itself. */
export function evaluateOperator(
  priced: PricedDesign,
  operator: Operator,
  system: System,
  changes: Changes['execution'] = [],
): OperatorResult {
  const work = execute(priced, operator, system);
  for (const change of changes) change(work, operator, priced);
  repeatExecution(work, operator.repeat * operator.layers);
  const { load } = work;
  let slowest = 0;
  for (let i = 1; i < load.length; i++) if (load[i] > load[slowest]) slowest = i;
  return { operator, cycles: load[slowest], bound: RESOURCES[slowest], work };
}

/** One execution in one layer, before any change of a preset. */
export function execute(priced: PricedDesign, operator: Operator, system: System): Execution {
  switch (operator.kind) {
    case 'gemm':
      return executeGemm(priced, operator, system);
    case 'nonlinear':
      return executeNonlinear(priced, operator, system);
    case 'elementwise': {
      const ups = lookUpsOf(priced.design, operator);
      if (ups !== undefined) return executeLookUps(priced, operator, ups, system);
      return executeElementwise(priced, { ...operator, ...PASSES[operator.function] }, system);
    }
    case 'transfer':
      return executeTransfer(priced, operator, system);
  }
}
