import type { Quirk } from './quirk.ts';

export const residuals = {
  name: 'residuals',
  published: 'residual sums are left out',
  repaired: 'computed',
  workload: (op) => op.kind !== 'elementwise' || op.function !== 'residual',
} as const satisfies Quirk;
