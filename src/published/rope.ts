import type { Quirk } from './quirk.ts';

export const rope = {
  name: 'rope',
  published: 'rotary position embedding is left out',
  repaired: 'computed',
  omits: ['rope'],
} as const satisfies Quirk;
