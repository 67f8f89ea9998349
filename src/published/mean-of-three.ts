import type { Quirk } from './quirk.ts';

/** A choice of one figure: paper/fig17.ts asks for it. */
export const meanOfThree = {
  name: 'mean-of-three',
  published: 'Fig. 17 averages four models, though its caption names three',
  repaired: 'the three models of the caption',
} as const satisfies Quirk;
