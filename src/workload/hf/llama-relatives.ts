import type { Config } from '../../huggingface/config.ts';
import { headSize, positionsOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { Attention, DecoderStack } from '../model.ts';
import { activationOf } from './activation.ts';
import { deepseek, deepseekExperts, sparseLayers } from './deepseek.ts';
import { gated, llamaLike } from './llama.ts';
import { experts } from './moe.ts';

/** Relatives of Llama with keys or layers of their own. */

/** SmolLM3: layers whose entry in `no_rope_layers` is 0 have no positions; without a list every fourth. */
export function smollm3(model: LanguageModel): DecoderStack {
  const turned = model.config.indices('no_rope_layers');
  const interval = model.config.sizeOr(4, 'no_rope_layer_interval');
  const rotates = (layer: number): boolean =>
    turned.length > 0 ? turned[layer] === 1 : (layer + 1) % interval !== 0;
  return llamaLike(model, {
    attention: (attention, _, layer) => (rotates(layer) ? attention : { ...attention, rotaryDim: 0 }),
  });
}

/** HunYuan dense: Llama with norms of queries and keys. */
export const hunyuanDense = (model: LanguageModel): DecoderStack => llamaLike(model, { qkNorm: 'head' });

/** Arcee: Llama with a network of two matrices. */
export const arcee = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { ffn: (config) => ({ ...gated(config), gated: false }) });

/** BitNet b1.58: Llama with a norm in front of each block's last matrix. */
export function bitnet(model: LanguageModel): DecoderStack {
  model.config.notes.push('the norm inside the network is counted over the hidden width');
  return llamaLike(model, { norms: 4, normsAt: 'inner' });
}

/** EXAONE 4: norms of queries and keys, a window where the letter of `sliding_window_pattern` is L. */
export function exaone4(model: LanguageModel): DecoderStack {
  const { config } = model;
  const letters = config.value('sliding_window_pattern');
  const pattern = typeof letters === 'string' ? letters : '';
  return llamaLike(model, {
    qkNorm: 'head',
    normsAt: 'result',
    slides: (_, layer) => pattern !== '' && pattern[layer % pattern.length] === 'L',
  });
}

/** EXAONE 3: Llama under `num_layers` and `activation_function`. */
export function exaone({ config, chain, type }: LanguageModel): DecoderStack {
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const kvHeads = config.sizeOr(heads, 'num_key_value_heads');
  if (heads % kvHeads !== 0) {
    throw config.invalid('num_key_value_heads', `a divisor of num_attention_heads = ${heads}`, kvHeads);
  }
  const headDim = config.optionalSize('head_dim') ?? headSize(config, 'num_attention_heads', hidden, heads);
  return {
    kind: 'decoder',
    layers: [
      {
        count: config.layers('num_layers', 'num_hidden_layers'),
        hidden,
        attention: [{ heads, kvHeads, headDim }],
        ffn: {
          hidden: config.size('intermediate_size'),
          gated: true,
          ...activationOf(config, 'activation_function'),
        },
        norm: 'rmsnorm',
        norms: 2,
        rope: true,
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf({ config, chain, type }),
  };
}

/** Qwen 1: every head has keys of its own, and each of the network's two inner matrices is half as wide as stated. */
export function qwen1({ config }: LanguageModel): DecoderStack {
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const attention: Attention = {
    heads,
    kvHeads: heads,
    headDim: config.sizeOr(hidden / heads, 'kv_channels'),
  };
  return {
    kind: 'decoder',
    layers: [
      {
        count: config.layers('num_hidden_layers'),
        hidden,
        attention: [attention],
        ffn: { hidden: config.size('intermediate_size') / 2, gated: true, activation: 'silu' },
        norm: 'rmsnorm',
        norms: 2,
        rope: true,
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: config.sizeOr(8192, 'max_position_embeddings', 'seq_length'),
    tiedEmbeddings: config.flag('tie_word_embeddings', false),
  };
}

/** DeepSeek MoE, the first: grouped or plain attention with DeepSeek's experts. */
export function deepseekMoe(model: LanguageModel): DecoderStack {
  const sparse = sparseLayers(model.config, model.config.layers('num_hidden_layers'));
  return llamaLike(model, { ffn: (c, layer) => (sparse[layer] ? deepseekExperts(c) : gated(c)) });
}

/** DeepSeek V2; its small ones (DeepSeek-OCR, VL2 Tiny) have plain attention, and 0 where a latent would have its sizes. */
export function deepseek2(model: LanguageModel): DecoderStack {
  if (model.config.flag('use_mla', true)) return deepseek(model);
  // A key of the family, and no head_dim that somebody misspelt.
  model.config.has('v_head_dim');
  return deepseekMoe(model);
}

/** ERNIE 4.5 MoE: experts from `moe_layer_start_index` on, in every `moe_layer_interval`-th layer. */
export function ernieMoe(model: LanguageModel): DecoderStack {
  const { config } = model;
  const count = config.layers('num_hidden_layers');
  const start = config.count(1, 'moe_layer_start_index');
  const end = config.count(count - 1, 'moe_layer_end_index');
  const interval = config.sizeOr(1, 'moe_layer_interval');
  const holds = (layer: number): boolean => layer >= start && layer <= end && (layer + 1) % interval === 0;
  return llamaLike(model, {
    ffn: (c: Config, layer) => {
      if (!holds(layer)) return gated(c);
      const width = c.size('moe_intermediate_size');
      const shared = c.count(0, 'moe_num_shared_experts');
      return experts(c, width, shared === 0 ? {} : { shared: 1, sharedHidden: shared * width });
    },
  });
}
