import { roofFigure } from '../../../src/evaluate/parts/figure.ts';
import type { Explain } from './explained.ts';
import { ofDesign } from './of-design.ts';

/** What a design can do at most: its array, or its way off the chip. */
export const explain: Explain = ({ asked, detail: { why: figure = '', of = '' } }) => {
  const { name, evaluation, command } = ofDesign(asked, of);
  const quantity = roofFigure(evaluation, figure);
  return { title: quantity.name, of: name, quantity, command: command(['--json']) };
};
