import { MugiError, unknownName } from '../errors.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { gainOf } from '../evaluate/gain.ts';
import { designName, METRICS } from '../evaluate/metrics.ts';
import { type Quantity, quotient } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';

/**
 * The gain of one evaluation over another in a metric: which is over which follows from the way that is better.
 * @throws MugiError for a metric that is not there, or of which there is no gain
 */
export function gainQuantity(own: Evaluation, base: Evaluation, metric: string): Quantity {
  const known = METRICS.find(({ name }) => name === metric);
  if (known === undefined) {
    throw unknownName(
      'metric',
      metric,
      METRICS.map(({ name }) => name),
      'why',
    );
  }
  const [value, reference] = [own, base].map((one): Quantity => {
    const quantity = quantityOf(one, metric);
    return { ...quantity, name: `${quantity.name} of ${designName(one)}` };
  });
  if (gainOf(known, value.value / reference.value) === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: `there is no gain in ${metric}: no way is better, or one of the two has none`,
      path: 'why',
    });
  }
  return known.better === 'higher'
    ? quotient('gain', '×', 'own / baseline: higher is better', [value, reference])
    : quotient('gain', '×', 'baseline / own: lower is better', [reference, value]);
}
