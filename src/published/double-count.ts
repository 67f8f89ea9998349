import type { Quirk } from './quirk.ts';

/** A choice of one figure: paper/fig13.ts asks for it. */
export const doubleCount = {
  name: 'double-count',
  published: 'a module called accumulator counts in two groups of Fig. 13',
  repaired: 'each module stands in one group',
} as const satisfies Quirk;
