import { Config, isRecord } from './config.ts';

/** True for the `params.json` that lies beside checkpoints of Meta and Mistral AI in their own format. */
export const isMetaParams = (json: unknown): json is Record<string, unknown> =>
  isRecord(json) &&
  !Object.hasOwn(json, 'model_type') &&
  ['dim', 'n_layers', 'n_heads'].every((key) => Object.hasOwn(json, key));

/**
 * A `params.json` in the words of a config.json. Meta's files give no width of the network: it is two thirds of
 * 4 · dim, times `ffn_dim_multiplier`, in whole `multiple_of` (llama3, `model.py`); Mistral's have `hidden_dim`.
 * A vocabulary of −1 is that of the tokenizer: 32,000 in Llama 1 and 2.
 */
export function fromMetaParams(json: Record<string, unknown>, path: string): Record<string, unknown> {
  const params = new Config(json, path);
  const dim = params.size('dim');
  const heads = params.size('n_heads');
  const words = json.vocab_size === -1 ? 32_000 : params.size('vocab_size');
  const moe = params.object('moe');
  const config = {
    model_type: moe === undefined ? 'llama' : 'mixtral',
    hidden_size: dim,
    num_hidden_layers: params.layers('n_layers'),
    num_attention_heads: heads,
    num_key_value_heads: params.sizeOr(heads, 'n_kv_heads'),
    ...(params.has('head_dim') ? { head_dim: params.size('head_dim') } : {}),
    intermediate_size: params.optionalSize('hidden_dim') ?? networkWidth(params, dim),
    vocab_size: words,
    max_position_embeddings: params.sizeOr(contextOf(params), 'max_seq_len', 'max_position_embeddings'),
    hidden_act: 'silu',
    tie_word_embeddings: params.flag('tied_embeddings', false),
    ...quantised(params),
    ...(moe === undefined
      ? {}
      : {
          num_local_experts: moe.size('num_experts'),
          num_experts_per_tok: moe.size('num_experts_per_tok'),
        }),
  };
  params.refuseMisspelt();
  return config;
}

/** Mistral's files name the format of weights, or hold a config of compressed-tensors. */
function quantised(params: Config): Record<string, unknown> {
  const found = params.object('quantization');
  if (found === undefined) return {};
  const name = found.text('qformat_weight');
  if (name === undefined) return { quantization_config: found.values };
  if (/^fp8/i.test(name)) return { quantization_config: { quant_method: 'fp8' } };
  throw found.invalid('qformat_weight', 'fp8_e4m3', name);
}

/** Longest context of the generation that the rotary embedding betrays: Llama 3.1, 3, and those before. */
function contextOf(params: Config): number {
  if (params.flag('use_scaled_rope', false)) return 131_072;
  return params.number('rope_theta', 10_000, 1e12) > 10_000 ? 8192 : 4096;
}

function networkWidth(params: Config, dim: number): number {
  const whole = params.sizeOr(256, 'multiple_of');
  const thirds = Math.trunc((2 * 4 * dim) / 3);
  const width = Math.trunc(params.number('ffn_dim_multiplier', 1, 100) * thirds);
  return Math.ceil(width / whole) * whole;
}
