import { gainQuantity } from '../../../src/compare/gain-parts.ts';
import { unknownName } from '../../../src/errors.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import type { Experiment } from '../../../src/question/address.ts';
import type { Explain } from './explained.ts';
import { ofDesign, type OfDesign } from './of-design.ts';
import { PINNED } from './pinned.ts';

/** A gain of a compared design over the baseline, or over the same design in the pinned state. */
export const explain: Explain = ({ asked, pinned, detail: { why: metric = '', of = '' } }) => {
  const overPinned = of.startsWith(PINNED);
  const own = ofDesign(asked, overPinned ? of.slice(PINNED.length) : of);
  const base = overPinned ? pinnedOf(own, pinned) : baselineOf(own);
  return {
    title: `gain in ${metric}`,
    of: `${own.name} over ${overPinned ? 'the pinned state' : designName(base)}`,
    quantity: gainQuantity(own.evaluation, base, metric),
    command: own.shown.command,
  };
};

const baselineOf = ({ shown: { result } }: OfDesign) =>
  result.evaluations.find((one) => designName(one) === result.baseline)!;

function pinnedOf({ name }: OfDesign, pinned: Experiment['pinned']) {
  if (pinned === undefined) throw unknownName('state', 'pinned', ['a baseline'], 'of');
  return ofDesign(pinned, name).evaluation;
}
