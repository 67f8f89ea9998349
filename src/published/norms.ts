import type { Operator } from '../workload/operator.ts';
import type { Quirk } from './quirk.ts';

const isNorm = (op: Operator): boolean =>
  op.kind === 'elementwise' && (op.function === 'rmsnorm' || op.function === 'layernorm');

export const norms = {
  name: 'norms',
  published: 'RMSNorm and LayerNorm are left out',
  repaired: 'computed',
  workload: (op) => !isNorm(op),
} as const satisfies Quirk;
