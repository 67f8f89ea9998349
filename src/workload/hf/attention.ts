import type { Attention, LayerSpec } from '../model.ts';
import type { Config } from './config.ts';

/** Attention with as many KV heads as the file says, and a head size that need not be hidden / heads. */
export function attentionOf(
  config: Config,
  hidden: number,
  defaults: { heads?: number; kvHeads?: number; headDim?: number } = {},
): Attention {
  const heads =
    defaults.heads === undefined
      ? config.size('num_attention_heads')
      : config.sizeOrDefault('num_attention_heads', defaults.heads);
  const kvHeads =
    defaults.kvHeads === undefined
      ? config.sizeOr(heads, 'num_key_value_heads')
      : config.sizeOrDefault('num_key_value_heads', defaults.kvHeads);
  if (heads % kvHeads !== 0) {
    throw config.invalid('num_key_value_heads', `a divisor of num_attention_heads = ${heads}`, kvHeads);
  }
  const headDim =
    defaults.headDim === undefined
      ? (config.optionalSize('head_dim') ?? headSize(config, 'num_attention_heads', hidden, heads))
      : config.sizeOrDefault('head_dim', defaults.headDim);
  return { heads, kvHeads, headDim };
}

/** hidden / heads, which must be whole; `key` is the key of the heads. */
export function headSize(config: Config, key: string, hidden: number, heads: number): number {
  if (hidden % heads === 0) return hidden / heads;
  throw config.invalid(key, `a divisor of the hidden size ${hidden}`, heads);
}

/** Equal layers as one entry; the order of layers does not matter to their cost. */
export function merged(layers: readonly LayerSpec[]): LayerSpec[] {
  const byShape = new Map<string, LayerSpec>();
  for (const layer of layers) {
    const key = JSON.stringify({ ...layer, count: 0 });
    const known = byShape.get(key);
    if (known === undefined) byShape.set(key, { ...layer });
    else known.count += layer.count;
  }
  return [...byShape.values()];
}
