import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import type { Attention, DecoderStack, Ffn } from '../model.ts';
import { activationOf } from './activation.ts';
import { deepseekExperts, sparseLayers } from './deepseek.ts';
import { everywhere, gated, llamaLike } from './llama.ts';
import { experts } from './moe.ts';
import { lightning } from './recurrent.ts';

/** Families with experts whose attention or placement of experts is their own. */

/** GLM-4.5 and dots.1: grouped attention, DeepSeek's experts. */
export function glm4Moe(model: LanguageModel): DecoderStack {
  const { config } = model;
  const sparse = sparseLayers(config, config.layers('num_hidden_layers'));
  return llamaLike(model, {
    qkNorm: config.flag('use_qk_norm', model.type === 'dots1') ? 'head' : undefined,
    ffn: (c, layer) => (sparse[layer] ? deepseekExperts(c) : gated(c)),
  });
}

/**
 * Llama 4: of four layers three attend to the chunk they are in, with rotary positions, and one to everything,
 * without. One routed and one shared expert a token, in every `interleave_moe_layer_step`-th layer.
 */
export function llama4(model: LanguageModel): DecoderStack {
  const { config } = model;
  const count = config.layers('num_hidden_layers');
  const chunk = config.size('attention_chunk_size');
  const turned = config.indices('no_rope_layers');
  const rotates = (layer: number): boolean =>
    turned.length > 0 ? turned[layer] === 1 : (layer + 1) % 4 !== 0;
  const listed = config.has('moe_layers') ? new Set(config.indices('moe_layers')) : undefined;
  const step = config.size('interleave_moe_layer_step');
  const normed = config.flag('use_qk_norm', true);
  if (turned.length > 0 && turned.length !== count) {
    throw config.invalid('no_rope_layers', `${count} entries, one a layer`, turned.length);
  }
  return llamaLike(model, {
    attention: (attention, _, layer): Attention =>
      rotates(layer)
        ? { ...attention, chunk, ...(normed ? { qkNorm: true } : {}) }
        : { ...attention, rotaryDim: 0 },
    ffn: (c, layer): Ffn => {
      const width = c.size('intermediate_size');
      if (listed === undefined ? (layer + 1) % step === 0 : listed.has(layer)) {
        return experts(c, width, { shared: 1, sharedHidden: width });
      }
      return { hidden: c.size('intermediate_size_mlp'), gated: true, ...activationOf(c, 'hidden_act') };
    },
  });
}

/** MiniMax M2: norms over the whole width, half of a head rotated. */
export function minimaxM2(model: LanguageModel): DecoderStack {
  const normed = model.config.flag('use_qk_norm', true);
  const perLayer = (model.config.text('qk_norm_type') ?? 'per_layer') === 'per_layer';
  return llamaLike(model, {
    qkNorm: normed ? (perLayer ? 'width' : 'head') : undefined,
    attention: partlyRotated,
    ffn: (config) => experts(config, config.size('intermediate_size')),
  });
}

/** `rotary_dim` elements of a head are rotated. */
const partlyRotated = (attention: Attention, config: Config): Attention => {
  const rotated = config.optionalSize('rotary_dim');
  return rotated === undefined || rotated >= attention.headDim
    ? attention
    : { ...attention, rotaryDim: rotated };
};

/** MiniMax M3: blocks of keys are chosen by an indexer in the layers that `sparse_attention_freq` marks. */
export function minimaxM3(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const sparse = config.object('sparse_attention_config');
  if (sparse === undefined) throw config.missing(['sparse_attention_config']);
  const marked = sparse.indices('sparse_attention_freq');
  const holds = sparseLayers(config, config.layers('num_hidden_layers'));
  const sharedHidden = config.size('shared_intermediate_size');
  config.notes.push('the choice of key blocks is not counted, its scores are');
  const indexer = {
    heads: sparse.size('sparse_num_index_heads'),
    dim: sparse.size('sparse_index_dim'),
    selected: sparse.size('sparse_topk_blocks') * sparse.size('sparse_block_size'),
    queryRank: hidden,
    unweighted: true,
  } as const;
  return llamaLike(model, {
    qkNorm: 'head',
    attention: (attention, c, layer) => ({
      ...partlyRotated(attention, c),
      ...(marked[layer] === 1 ? { indexer } : {}),
    }),
    ffn: (c, layer) =>
      holds[layer]
        ? experts(c, c.size('moe_intermediate_size', 'intermediate_size'), {
            shared: 1,
            sharedHidden: c.sizeOr(1, 'n_shared_experts') * sharedHidden,
          })
        : { hidden: c.size('dense_intermediate_size'), gated: true, ...activationOf(c, 'hidden_act') },
  });
}

/** MiniMax-01 and M1: lightning attention in most layers, softmax attention where `attn_type_list` is 1. */
export function minimax(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const kinds = config
    .indices('attn_type_list')
    .map((kind) => (kind === 1 ? 'full_attention' : 'linear_attention'));
  return llamaLike(model, {
    types: kinds.length > 0 ? kinds : undefined,
    ...(config.flag('postnorm', false) ? { normsAt: 'stream' } : {}),
    attention: partlyRotated,
    other: (_, type) => (type === 'linear_attention' ? lightning(config, hidden) : undefined),
    ffn: (c) => experts(c, c.size('intermediate_size')),
  });
}

/** MiMo V2: windows with more KV heads than full attention has, values narrower than keys. */
export function mimoV2(model: LanguageModel): DecoderStack {
  const { config } = model;
  const count = config.layers('num_hidden_layers');
  const windows = config.indices('hybrid_layer_pattern');
  const sparse = sparseLayers(config, count);
  config.notes.push('attention sinks (one learned score a head) are not counted');
  return llamaLike(model, {
    types: windows.map((one) => (one === 1 ? 'sliding_attention' : 'full_attention')),
    attention: (attention, c) => {
      const valueDim = c.sizeOr(attention.headDim, 'v_head_dim');
      if (attention.window === undefined) return { ...attention, valueDim };
      return {
        ...attention,
        heads: c.sizeOr(attention.heads, 'swa_num_attention_heads'),
        kvHeads: c.sizeOr(attention.kvHeads, 'swa_num_key_value_heads'),
        headDim: c.sizeOr(attention.headDim, 'swa_head_dim'),
        valueDim: c.sizeOr(valueDim, 'swa_v_head_dim'),
      };
    },
    ffn: (c, layer) => (sparse[layer] ? deepseekExperts(c) : gated(c)),
  });
}

/** Step 3.5 and 3.7: windows by `layer_types`, a shared expert of its own width. */
export function step3(model: LanguageModel): DecoderStack {
  const { config } = model;
  const first = config.count(0, 'first_k_dense_replace');
  return llamaLike(model, {
    qkNorm: 'head',
    ffn: (c, layer) =>
      layer < first
        ? gated(c)
        : experts(c, c.size('moe_intermediate_size'), {
            shared: 1,
            sharedHidden: c.size('share_expert_dim'),
          }),
  });
}

/** DBRX: its sizes stand in `attn_config` and `ffn_config`. */
export function dbrx(model: LanguageModel): DecoderStack {
  const { config } = model;
  const [attn, ffn] = [config.object('attn_config'), config.object('ffn_config')];
  if (attn === undefined) throw config.missing(['attn_config']);
  if (ffn === undefined) throw config.missing(['ffn_config']);
  const hidden = config.size('d_model');
  const heads = config.size('n_heads');
  const kvHeads = attn.sizeOr(heads, 'kv_n_heads');
  if (hidden % heads !== 0) throw config.invalid('n_heads', `a divisor of d_model = ${hidden}`, heads);
  if (heads % kvHeads !== 0) throw attn.invalid('kv_n_heads', `a divisor of n_heads = ${heads}`, kvHeads);
  const total = ffn.sizeOr(4, 'moe_num_experts');
  const active = ffn.sizeOr(1, 'moe_top_k');
  if (active > total) throw ffn.invalid('moe_top_k', `at most ${total} experts`, active);
  return {
    kind: 'decoder',
    layers: [
      {
        count: config.layers('n_layers'),
        hidden,
        attention: [{ heads, kvHeads, headDim: hidden / heads }],
        ffn: {
          hidden: ffn.sizeOr(3584, 'ffn_hidden_size'),
          gated: true,
          activation: 'silu',
          experts: { total, active, shared: 0 },
        },
        norm: 'layernorm',
        norms: 2,
        normWeights: 1,
        rope: true,
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: config.sizeOr(2048, 'max_seq_len'),
    tiedEmbeddings: config.flag('tie_word_embeddings', false),
  };
}

/** Gemma 4: heads of full attention are wider and fewer, and one projection may give keys and values. */
export function gemma4(model: LanguageModel): DecoderStack {
  const { config } = model;
  if (config.count(0, 'hidden_size_per_layer_input') > 0) {
    throw config.refuse('an embedding for every layer', 'hidden_size_per_layer_input');
  }
  if (config.flag('use_double_wide_mlp', false))
    throw config.refuse('networks of two widths', 'use_double_wide_mlp');
  const moe = config.flag('enable_moe_block', false);
  const same = config.flag('attention_k_eq_v', false);
  return llamaLike(model, {
    norms: moe ? 7 : 4,
    qkNorm: 'head',
    slides: everywhere,
    attention: (attention, c) => {
      // The file's rotary share is that of full attention; windows rotate the whole head.
      const { rotaryDim: _, ...whole } = attention;
      if (attention.window !== undefined) return whole;
      const headDim = c.sizeOr(attention.headDim, 'global_head_dim');
      const kvHeads = c.sizeOr(attention.kvHeads, 'num_global_key_value_heads');
      const share = (attention.rotaryDim ?? attention.headDim) / attention.headDim;
      return {
        ...whole,
        headDim,
        kvHeads,
        qkNormWidth: 2 * headDim,
        ...(share < 1 ? { rotaryDim: Math.floor(headDim * share) } : {}),
        ...(same ? ({ keysAreValues: true } as const) : {}),
      };
    },
    ffn: (c) =>
      moe
        ? // The dense network runs beside the experts, as a shared expert does.
          experts(c, c.size('moe_intermediate_size'), {
            shared: 1,
            sharedHidden: c.size('intermediate_size'),
            ownNorms: true,
          })
        : gated(c),
  });
}
