import { answerQuantity } from '../../../src/compare/answer-parts.ts';
import { labels, points } from '../../../src/compare/approximation-errors.ts';
import { MugiError, unknownName } from '../../../src/errors.ts';
import { benchOf, commandOf } from '../functions-bench.ts';
import type { Explain } from './explained.ts';

/** The answer to one of the reader's inputs: `.of` names the method and the input's place, as `method=vlp&at=2`. */
export const explain: Explain = ({ detail: words }) => {
  const bench = benchOf(words);
  const { asked, scores } = bench;
  const { why: figure = '', of = '' } = words;
  const named = new URLSearchParams(of);
  const [method, at] = [named.get('method') ?? '', named.get('at') ?? '0'];
  if (!asked.methods.includes(method)) throw unknownName('method', method, asked.methods, 'of');
  if (scores.length === 0)
    throw new MugiError({ code: 'invalid-value', message: 'no inputs are given', path: 'scores' });
  const point = points({ ...asked, methods: [method] }, scores)[Number(at)];
  if (point === undefined) throw unknownName('input', at, [`0 to ${scores.length - 1}`], 'of');
  return {
    title: figure,
    of: `${method} for ${asked.name}, x = ${point.x}`,
    quantity: answerQuantity({ name: asked.name, label: labels(asked)[method], point }, figure),
    command: commandOf(bench, ` --x=${scores.join(',')}`),
  };
};
