import { arrayOf, simulateArray } from '../../../src/simulate/array.ts';
import { simulate } from '../../../src/simulate/run.ts';
import { arrayQuantity } from '../../../src/simulate/array-parts.ts';
import { runQuantity } from '../../../src/simulate/run-parts.ts';
import { commandOf, shownOf } from '../node/asked.ts';
import type { Explain } from './explained.ts';

/** A number of the node's run, or of the array beside it, which `.of` names. */
export const explain: Explain = ({ detail }) => {
  const shown = shownOf(detail);
  const { why: name = '', of = '' } = detail;
  const array = of.startsWith('the ') ? undefined : arrayOf(of);
  if (array === undefined) {
    return {
      title: name,
      of: `${shown.asked.operation} on ${shown.asked.design}`,
      quantity: runQuantity(shown.asked, simulate(shown.asked), name),
      command: commandOf(shown),
    };
  }
  const asked = { ...shown.asked, design: of, preset: 'corrected' as const };
  return {
    title: name,
    of: `gemm on ${of}`,
    quantity: arrayQuantity(array.design, simulateArray(array, asked), name),
    command: commandOf({ ...shown, asked }),
  };
};
