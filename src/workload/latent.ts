import { gateOperators, indexOperators } from './attention-extras.ts';
import { addNorm, addRope, addTransfer, linear } from './build.ts';
import type { Attention, LayerSpec } from './model.ts';
import type { Operator, Phase } from './operator.ts';
import type { WorkloadOptions } from './options.ts';
import { scoreOperators } from './scores.ts';

/**
 * Multi-head latent attention (DeepSeek-V2, 2024, §2.1), as engines run it. A prompt is not absorbed: keys and
 * values of all heads are made of the latent (`kv-up`), and attention is that of many heads. Decode is absorbed:
 * `kv-up` is folded into queries and results, so that every head meets the one cached latent, `rank` + `rotary`
 * elements a token, as multi-query attention does. The weights are the same; only the order of products differs.
 * Values are the latent's first `rank` elements, read again for `a·v`.
 */
export function latentOperators(
  layer: LayerSpec,
  attention: Attention,
  options: WorkloadOptions,
  phase: Phase,
  repeat: number,
): Operator[] {
  const { heads, latent, indexer } = attention;
  const { queryRank, rank, plain, rotary, value } = latent!;
  const { hidden, count } = layer;
  const at = { phase, repeat, layers: count };
  const m = options.batch * (phase === 'prefill' ? options.prefill : 1);
  const shape = { group: 'projection', ...at, m } as const;
  const query = heads * (plain + rotary);
  const operators: Operator[] =
    queryRank === undefined
      ? [linear({ ...shape, name: 'q', k: hidden, n: query }, options)]
      : [
          linear({ ...shape, name: 'q-down', k: hidden, n: queryRank }, options),
          linear({ ...shape, name: 'q-up', k: queryRank, n: query }, options),
        ];
  operators.push(linear({ ...shape, name: 'kv-down', k: hidden, n: rank + rotary }, options));
  addNorm(operators, options, 'rmsnorm', 'latent-norm', m, rank + (queryRank ?? 0), at);
  if (attention.rotaryDim !== 0) {
    addRope(operators, options, { tokens: m, heads: heads + 1, dim: rotary }, at);
  }
  // One latent a token stands for the keys and values of all heads.
  addTransfer(operators, options, 'kv-write', { elements: m * (rank + rotary), vectors: m }, at);
  if (indexer !== undefined) operators.push(...indexOperators(layer, indexer, options, at));
  if (phase === 'prefill') {
    operators.push(
      linear({ ...shape, name: 'kv-up', k: rank, n: heads * (plain + value) }, options),
      ...scoreOperators(
        { heads, kvHeads: heads, keyDim: plain + rotary, valueDim: value },
        attention,
        options,
        phase,
        count,
      ),
    );
  } else {
    const format = options.formats?.['kv-up'];
    const own =
      format === undefined
        ? options
        : { ...options, formats: { 'q-absorbed': format, 'v-absorbed': format } };
    operators.push(
      linear({ ...shape, name: 'q-absorbed', batch: heads, k: plain, n: rank }, own),
      ...scoreOperators(
        { heads, kvHeads: 1, keyDim: rank + rotary, valueDim: rank },
        attention,
        options,
        phase,
        count,
      ),
      linear({ ...shape, name: 'v-absorbed', batch: heads, k: rank, n: value }, own),
    );
  }
  if (attention.outputGate !== undefined) {
    operators.push(...gateOperators(hidden, attention.outputGate, m, at, options));
  }
  operators.push(linear({ ...shape, name: 'a', k: heads * value, n: hidden }, options));
  return operators;
}
