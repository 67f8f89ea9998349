import { unknownName } from '../../../src/errors.ts';
import { given, type Quantity, quotient } from '../../../src/evaluate/quantity.ts';
import { CLAIMS, claimQuantity } from '../../../src/paper/claims.ts';
import { preset } from '../../../src/published/preset.ts';
import { presetOf } from '../../../src/question/point.ts';
import { question } from '../../../src/question/question.ts';
import type { Explain } from './explained.ts';

/** A claim of the paper: as printed, as published, with the repairs that are on, or the last over the first. */
export const explain: Explain = ({ asked, detail: { why: name = '', of = 'now' } }) => {
  const current = presetOf(question(asked));
  const now = (): Quantity => claimQuantity(name, current);
  const paper = (): Quantity => {
    const claim = CLAIMS.find((one) => one.name === name);
    if (claim !== undefined) return given('paper', claim.paper, '', `printed in ${claim.where}`);
    throw unknownName(
      'claim',
      name,
      CLAIMS.map((one) => one.name),
      'why',
    );
  };
  const states: Readonly<Record<string, { of: string; quantity(): Quantity }>> = {
    paper: { of: 'the paper', quantity: paper },
    'as published': { of: 'as published', quantity: () => claimQuantity(name, preset('as-published')) },
    now: { of: `now (${current.name})`, quantity: now },
    'now / paper': {
      of: `now (${current.name}) over the paper`,
      quantity: () => quotient('now / paper', '×', 'now / paper', [now(), paper()]),
    },
  };
  if (!Object.hasOwn(states, of)) throw unknownName('state', of, Object.keys(states), 'of');
  return {
    title: name,
    of: states[of].of,
    quantity: states[of].quantity(),
    command: `npx mugi paper headlines ${current.flags} --json`,
  };
};
