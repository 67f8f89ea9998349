import { fromAddress } from '../../../src/question/address.ts';
import { explainMetric } from './design.ts';
import type { Explain } from './explained.ts';
import { ofDesign } from './of-design.ts';

/** A metric of a point of a space: `.of` is the address of the point as a question. */
export const explain: Explain = ({ detail: { why: path = '', of = '' } }) =>
  explainMetric(ofDesign(fromAddress(of).asked, ''), path);
