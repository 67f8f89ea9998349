import { PART_NAMES } from '../accuracy/score/accuracy-parts.ts';
import type { LossDifference, LossIncrease, LossMeasurement } from '../accuracy/score/loss-increase.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import { lossText, measuredOn } from './loss-text.ts';

const UNIT = 'nats per target';

/**
 * What an arithmetic costs a model, and its parts where they were measured. Parts are measured alone, so that what they do
 * together is a part of its own.
 */
export function lossQuantity(
  loss: LossIncrease,
  measurement: Pick<LossMeasurement, 'model' | 'targets' | 'data'>,
): Quantity {
  const where = `${measurement.model}, ${measuredOn(measurement)}`;
  const measured = (name: string, difference: LossDifference): Quantity =>
    given(name, difference.loss_increase, UNIT, `${lossText(difference)}, paired by block: ${where}`);
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
