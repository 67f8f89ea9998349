import type { LossIncrease, LossIncreaseOptions, MeasuredDesign } from '../accuracy/score/loss-increase.ts';
import { measuredMethod } from '../accuracy/score/measured-method.ts';
import { computedBy } from '../design/computed.ts';
import { headAt } from '../vlp/arithmetic.ts';
import { headBitsOf } from '../workload/head-bits.ts';
import type { Workload } from '../workload/operator.ts';

/** What was measured for a design: its arithmetic, or no more than its method where the measurement says no more. */
export function lossOf(design: MeasuredDesign, increases: readonly LossIncrease[]): LossIncrease | undefined {
  const own = JSON.stringify(computedBy(design));
  const method = measuredMethod(design);
  return (
    increases.find(({ computed }) => computed !== undefined && JSON.stringify(computed) === own) ??
    increases.find((one) => one.computed === undefined && one.method === method)
  );
}

/** What is measured for the output matrix of a workload, which may be priced at bits of its own. */
export function measuredHead(workload: Pick<Workload, 'operators'>): Pick<LossIncreaseOptions, 'head'> {
  const bits = headBitsOf(workload);
  return bits === undefined ? {} : { head: headAt(bits) };
}
