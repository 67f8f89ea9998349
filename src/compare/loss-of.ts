import type { LossIncrease, MeasuredDesign } from '../accuracy/score/loss-increase.ts';
import { measuredMethod } from '../accuracy/score/measured-method.ts';
import { computedBy } from '../design/computed.ts';

/** What was measured for a design: its arithmetic, or no more than its method where the measurement says no more. */
export function lossOf(design: MeasuredDesign, increases: readonly LossIncrease[]): LossIncrease | undefined {
  const own = JSON.stringify(computedBy(design));
  const method = measuredMethod(design);
  return (
    increases.find(({ computed }) => computed !== undefined && JSON.stringify(computed) === own) ??
    increases.find((one) => one.computed === undefined && one.method === method)
  );
}
