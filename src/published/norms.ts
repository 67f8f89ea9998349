import type { Quirk } from './quirk.ts';

export const norms = {
  name: 'norms',
  published: 'RMSNorm and LayerNorm are left out',
  repaired: 'computed',
  omits: ['rmsnorm', 'layernorm'],
} as const satisfies Quirk;
