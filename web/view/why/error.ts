import { errorQuantity } from '../../../src/compare/error-parts.ts';
import { benchOf, commandOf } from '../functions-bench.ts';
import type { Explain } from './explained.ts';

/** An error of a method over a range: `.of` names both, as `method=vlp&from=-0.5`. */
export const explain: Explain = ({ detail }) => {
  const bench = benchOf(detail);
  const words = new URLSearchParams(detail.of);
  const from = words.get('from') ?? '0';
  const method = words.get('method') ?? '';
  const range = { method, negative: from.startsWith('-'), near: Math.abs(Number(from)) };
  return {
    title: `${detail.why} error`,
    of: `${method} for ${bench.asked.name}, x from ${from}`,
    quantity: errorQuantity(bench.asked, range, detail.why),
    command: commandOf(bench, ''),
  };
};
