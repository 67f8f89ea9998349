import { cached, nonlinear } from './build.ts';
import { causalShare, keyExtents, keyLimit } from './keys.ts';
import type { Attention } from './model.ts';
import type { GemmOperator, Operator, Phase } from './operator.ts';
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
    const needs = (axis: 'k' | 'n'): GemmOperator['causal'] =>
      causal ? { axis, rowsPerPosition: group, ...window } : undefined;
    const at = { phase, repeat: times, layers };
    const [matrices, m] = [batch * products * kvHeads, group * positions];
    operators.push(
      cached(
        {
          name: `${prefix}q·kT`,
          operand: 'keys',
          phase,
          repeat: times,
          layers,
          batch: matrices,
          m,
          k: keyDim,
          n: keys,
          causal: needs('n'),
        },
        options,
      ),
      cached(
        {
          name: `${prefix}a·v`,
          operand: 'values',
          phase,
          repeat: times,
          layers,
          batch: matrices,
          m,
          k: keys,
          n: valueDim,
          causal: needs('k'),
        },
        options,
      ),
      nonlinear(
        'softmax',
        `${prefix}softmax`,
        batch * products * heads * positions,
        keys,
        at,
        causal ? causalShare(positions, limit) : undefined,
      ),
    );
  }
  return operators;
}
