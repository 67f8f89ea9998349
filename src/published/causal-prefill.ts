import type { Quirk } from './quirk.ts';

export const causalPrefill = {
  name: 'causal-prefill',
  published: 'the full square of scores in prefill attention',
  repaired: 'whole pieces that causality masks are skipped',
  workload(op) {
    if (op.kind === 'gemm') op.causal = undefined;
    if (op.kind === 'nonlinear') op.needed = undefined;
  },
} as const satisfies Quirk;
