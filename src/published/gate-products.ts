import type { Quirk } from './quirk.ts';

export const gateProducts = {
  name: 'gate-products',
  published: 'the element-wise products of gated FFNs, and the weighted sum of experts, are left out',
  repaired: 'computed',
  omits: ['gate', 'combine'],
} as const satisfies Quirk;
