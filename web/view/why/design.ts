import { why } from '../../../src/evaluate/why.ts';
import type { Explain, Explained } from './explained.ts';
import { ofDesign, type OfDesign } from './of-design.ts';

/** A metric of a design, or a part of one, with the costs that enter. */
export function explainMetric({ name, evaluation, command }: OfDesign, path: string): Explained {
  const { quantity, label, better, sources } = why(evaluation, path);
  return {
    title: label ?? quantity.name,
    of: name,
    ...(better === undefined ? {} : { better }),
    quantity,
    sources,
    command: command(['--why', path]),
  };
}

/** A metric of a compared design, or a part of one. */
export const explain: Explain = ({ asked, detail: { why: path = '', of = '' } }) =>
  explainMetric(ofDesign(asked, of), path);
