import { PART_NAMES } from '../accuracy/score/accuracy-parts.ts';
import type { LossDifference, LossIncrease, LossMeasurement } from '../accuracy/score/loss-increase.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';

const UNIT = 'nats per target';

/**
 * What an arithmetic costs a model, and its parts where they were measured. Parts are measured alone, so that what they do
 * together is a part of its own.
 */
export function lossQuantity(
  loss: LossIncrease,
  { model, targets, data }: Pick<LossMeasurement, 'model' | 'targets' | 'data'>,
): Quantity {
  const where = `${model}, ${targets} targets of ${data === 'embedded' ? 'the embedded text' : 'its data'}`;
  const measured = (name: string, { loss_increase, loss_increase_ci95 }: LossDifference): Quantity =>
    given(
      name,
      loss_increase,
      UNIT,
      `measured, paired by block: ${where}${Number.isFinite(loss_increase_ci95) ? `; ± ${loss_increase_ci95.toFixed(4)} at 95 %` : '; one block, no interval'}`,
    );
  const whole = measured(PART_NAMES.all, loss);
  if (loss.parts.length === 0) return whole;
  const parts = loss.parts.map((part) => measured(PART_NAMES[part.part], part));
  const alone = parts.reduce((sum, { value }) => sum + value, 0);
  return {
    ...whole,
    formula: whole.source,
    source: undefined,
    combine: 'sum',
    parts: () => [
      ...parts,
      given(
        'together',
        loss.loss_increase - alone,
        UNIT,
        'what is left: each part is measured without the others',
      ),
    ],
  };
}
