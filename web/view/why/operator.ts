import { unknownName } from '../../../src/errors.ts';
import { operatorFigure } from '../../../src/evaluate/parts/figure.ts';
import { operatorName } from '../../../src/evaluate/parts/operator.ts';
import type { Explain } from './explained.ts';
import { ofDesign } from './of-design.ts';

/** A figure of an operator: `.of` names the design and the operator's place, as `design=mugi-256&at=3`. */
export const explain: Explain = ({ asked, detail: { why: figure = '', of = '' } }) => {
  const words = new URLSearchParams(of);
  const { name, evaluation, command } = ofDesign(asked, words.get('design') ?? '');
  const at = words.get('at') ?? '0';
  const one = evaluation.operators[Number(at)];
  if (one === undefined) {
    throw unknownName('operator', at, [`0 to ${evaluation.operators.length - 1}`], 'of');
  }
  const quantity = operatorFigure(one, evaluation, figure);
  return {
    title: quantity.name,
    of: `${operatorName(one, evaluation)} on ${name}`,
    quantity,
    command: command(['--csv']),
  };
};
