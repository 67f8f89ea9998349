import { comparison } from '../../../src/compare/comparison.ts';
import { lossQuantity } from '../../../src/compare/loss-quantity.ts';
import { MugiError, unknownName } from '../../../src/errors.ts';
import { line } from '../../../src/shown.ts';
import { compared } from '../../state/compared.ts';
import { measurementOf } from '../../state/measurement.ts';
import { lossCommand } from '../accuracy/loss-command.ts';
import type { Explain } from './explained.ts';

/** What the arithmetic of a compared design costs a model, from the measurement that the address holds. */
export const explain: Explain = ({ asked, detail: { measured, of = '' } }) => {
  const { value, error } = compared(asked);
  if (error !== undefined) throw error;
  if (measured === undefined) {
    throw new MugiError({ code: 'invalid-value', message: 'nothing is measured yet', path: 'measured' });
  }
  const { measurement } = measurementOf(measured, 'address');
  const { result } = value;
  const { designs } = comparison(result.evaluations, result.baseline, { ...measurement, own: false });
  const known = designs.filter(({ accuracy }) => accuracy !== undefined);
  const found = known.find(({ name }) => name === of);
  if (found?.accuracy === undefined) {
    throw unknownName(
      'measured design',
      of,
      known.map(({ name }) => name),
      'of',
    );
  }
  return {
    title: 'loss − stored',
    of,
    quantity: lossQuantity(found.accuracy, { ...measurement, model: line(measurement.model, 60) }),
    command: lossCommand(value.asked, measurement),
  };
};
