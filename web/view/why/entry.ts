import { entryQuantity } from '../../../src/compare/answer-parts.ts';
import { benchOf, lutCommand, lutOf } from '../functions-bench.ts';
import type { Explain } from './explained.ts';

/** An entry of the look-up table: `.of` names its row and column, as `sign=-&mantissa=3&exponent=-2`. */
export const explain: Explain = ({ detail }) => {
  const bench = benchOf(detail);
  const words = new URLSearchParams(detail.of);
  const sign = words.get('sign') ?? '+';
  const [mantissa, exponent] = ['mantissa', 'exponent'].map((key) => Number(words.get(key) ?? 0));
  return {
    title: 'entry',
    of: `the table of ${bench.asked.name}`,
    quantity: entryQuantity(lutOf(bench), { sign, mantissa, exponent }),
    command: lutCommand(bench),
  };
};
