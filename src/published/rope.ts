import type { Quirk } from './quirk.ts';

export const rope = {
  name: 'rope',
  published: 'rotary position embedding is left out',
  repaired: 'computed',
  workload: (op) => op.kind !== 'elementwise' || op.function !== 'rope',
} as const satisfies Quirk;
