import type { Quirk } from './quirk.ts';

export const residuals = {
  name: 'residuals',
  published: 'residual sums are left out',
  repaired: 'computed',
  omits: ['residual'],
} as const satisfies Quirk;
