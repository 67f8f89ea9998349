import { type Design, nodeCount } from '../../design/design.ts';
import type { GemmCount, NonlinearCount } from '../../design/mapping/counts.ts';
import { tileOf } from '../../design/mapping/gemm.ts';
import { slicesOf } from '../../design/mapping/slices.ts';
import { planOf } from '../../design/mesh/planner.ts';
import { planOfTensor } from '../../design/mesh/tensor.ts';
import { type GemmOperator, isSpan, type Operator } from '../../workload/operator.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluation.ts';
import type { MeshUse } from '../execute/execution.ts';
import { gemmCount } from './gemm.ts';
import { nonlinearCount } from './nonlinear.ts';
import { given, made, type Quantity } from '../quantity.ts';

/** `N in 16`, `M in 4 and N in 4`; `one node` where nothing is cut. */
export const partsText = ({ parts }: MeshUse): string =>
  parts.length === 0
    ? 'one node'
    : parts.map(({ axis, parts: count }) => `${axis} in ${count}`).join(' and ');

/** How the mesh shares an operator out, behind the formula of its cycles. */
export function shareText(
  { work: { mesh } }: OperatorEvaluation,
  { priced: { design } }: Evaluation,
): string {
  if (mesh === undefined) return '';
  const { nodes, balance, partials } = mesh;
  const sums = partials > 0 ? `, ${partials.toPrecision(4)} bits of partial sums between them` : '';
  return `; the mesh cuts ${partsText(mesh)}: ${nodes} of ${nodeCount(design)} nodes have a share, together ${(100 * balance).toFixed(1)} % of what all could do beside the busiest${sums}`;
}

/** A count of the busiest node with its formula, in the sizes of its share. */
export function busiestCount(
  name: GemmCount | NonlinearCount,
  value: number,
  operator: Operator,
  design: Design,
): Quantity {
  if (operator.kind === 'nonlinear')
    return nonlinearCount(name as NonlinearCount, value, planOfTensor(design, operator).node, design);
  if (operator.kind !== 'gemm') return given(name, value, '', 'the operator');
  const plan = planOf(design, operator, tileOf(design, operator));
  const { batch, m, k, n } = plan.shares;
  const cut = (isSpan(operator.k) && k.mostUsed > 1) || (isSpan(operator.n) && n.mostUsed > 1);
  const wait =
    name === 'arrayCycles' ? plan.wait * slicesOf(operator.weightBits, design.array.weightBits) : 0;
  const own = (): Quantity => {
    const source = 'the share of the busiest node, summed over the decode steps';
    if (cut) return given(name, value - wait, '', source);
    const share: GemmOperator = {
      ...operator,
      batch: batch.node.size,
      m: m.node.size,
      k: isSpan(operator.k) ? operator.k : k.node.size,
      n: isSpan(operator.n) ? operator.n : n.node.size,
    };
    return gemmCount(name as GemmCount, value - wait, share, design);
  };
  if (wait === 0) return own();
  return made(
    { name, value, unit: 'cycle', formula: 'its own share, then what the last sum waits for' },
    'sum',
    () => [
      own(),
      given(
        'wait',
        wait,
        'cycle',
        `partial sums pass ${k.mostUsed - 1} times from node to node, in the order of K`,
      ),
    ],
    'the mapping',
  );
}
