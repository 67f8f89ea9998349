import { MugiError } from '../../../src/errors.ts';
import { arrayOf, simulateArray } from '../../../src/simulate/array.ts';
import { simulate } from '../../../src/simulate/run.ts';
import { arrayQuantity } from '../../../src/simulate/array-parts.ts';
import { runQuantity } from '../../../src/simulate/run-parts.ts';
import { commandOf, shownOf, THE_NODE } from '../node/asked.ts';
import type { Explain } from './explained.ts';

/** A number of the node's run, or of the array beside it, which `.of` names. */
export const explain: Explain = ({ detail }) => {
  const shown = shownOf(detail);
  const { why: name = '', of = '' } = detail;
  if (of === THE_NODE) {
    return {
      title: name,
      of: `${shown.asked.operation} on ${shown.asked.design}`,
      quantity: runQuantity(shown.asked, simulate(shown.asked), name),
      command: commandOf(shown),
    };
  }
  const array = arrayOf(of);
  if (array === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'no simulated array of that name stands beside the node',
      path: 'of',
      expected: `${THE_NODE}, or a compared design`,
      received: of,
    });
  }
  const asked = { ...shown.asked, design: of, preset: 'corrected' as const };
  return {
    title: name,
    of: `gemm on ${of}`,
    quantity: arrayQuantity(array.design, simulateArray(array, asked), name),
    command: commandOf({ ...shown, asked }),
  };
};
