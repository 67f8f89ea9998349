import { causalShare, keyExtents, keyLimit } from './keys.ts';
import type { Attention } from './model.ts';
import type { Operator, Phase } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** Queries, keys and values as they meet: `heads` query heads over `kvHeads` of the cache. */
export interface Meeting {
  prefix?: string;
  heads: number;
  kvHeads: number;
  keyDim: number;
  valueDim: number;
}

/** Scores, their softmax and the weighted values of one phase, over the keys that the attention sees. */
export function scoreOperators(
  { prefix = '', heads, kvHeads, keyDim, valueDim }: Meeting,
  attention: Attention,
  options: WorkloadOptions,
  phase: Phase,
  layers: number,
): Operator[] {
  const { batch, prefill, context } = options;
  const group = heads / kvHeads;
  const limit = keyLimit(attention);
  const operators: Operator[] = [];
  for (const { keys, positions, products, times } of keyExtents(attention, phase, prefill, context)) {
    const prompt = phase === 'prefill' && attention.crossSequence === undefined;
    const causal = prompt && positions > 1;
    const window = limit !== undefined && limit < positions ? { window: limit } : {};
    const needs = (axis: 'k' | 'n') =>
      causal ? { causal: { axis, rowsPerPosition: group, ...window } as const } : {};
    const shared = {
      kind: 'gemm',
      group: 'attention',
      phase,
      repeat: times,
      layers,
      batch: batch * products * kvHeads,
      m: group * positions,
      operand: 'kv-cache',
      activationBits: options.activationBits,
      weightBits: options.kvBits,
      outputBits: options.activationBits,
    } as const;
    operators.push(
      { ...shared, name: `${prefix}q·kT`, k: keyDim, n: keys, ...needs('n') },
      { ...shared, name: `${prefix}a·v`, k: keys, n: valueDim, ...needs('k') },
      {
        kind: 'nonlinear',
        name: `${prefix}softmax`,
        group: 'nonlinear',
        function: 'softmax',
        phase,
        repeat: times,
        layers,
        rows: batch * products * heads * positions,
        columns: keys,
        ...(causal ? { needed: causalShare(positions, limit) } : {}),
      },
    );
  }
  return operators;
}
