import { claimQuantity } from '../../../src/paper/claims.ts';
import { preset } from '../../../src/published/preset.ts';
import { presetOf } from '../../../src/question/point.ts';
import { question } from '../../../src/question/question.ts';
import type { Explain } from './explained.ts';

/** A claim of the paper: as published, or with the repairs that are on. */
export const explain: Explain = ({ asked, detail: { why: name = '', of = 'now' } }) => {
  const now = presetOf(question(asked));
  return {
    title: name,
    of: of === 'now' ? `now (${now.name})` : 'as published',
    quantity: claimQuantity(name, of === 'now' ? now : preset('as-published')),
    command: `npx mugi paper headlines ${now.flags} --json`,
  };
};
