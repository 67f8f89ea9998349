import type { Attention, DecoderStack, LayerSpec } from '../model.ts';
import type { NonlinearName } from '../operator.ts';
import type { Config } from '../../huggingface/config.ts';
import { headSize, headsOf, rotaryOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import { activationOf } from './activation.ts';

/** Decoders with LayerNorm and a plain FFN: GPT-2, OPT, GPT-NeoX, Phi, Falcon. */

const layer = (
  count: number,
  hidden: number,
  attention: Attention,
  ffn: number,
  activation: NonlinearName,
  norms: number,
  rope: boolean,
): LayerSpec => ({
  count,
  hidden,
  attention: [attention],
  ffn: { hidden: ffn, gated: false, activation },
  norm: 'layernorm',
  norms,
  rope,
});

export function gpt2(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('n_embd');
  const heads = config.size('n_head');
  const attention = { heads, kvHeads: heads, headDim: headSize(config, 'n_head', hidden, heads) };
  const positions = config.size('n_positions', 'n_ctx');
  const width = config.sizeOr(4 * hidden, 'n_inner');
  const { activation } = activationOf(config, 'activation_function');
  return {
    kind: 'decoder',
    layers: [layer(config.layers('n_layer'), hidden, attention, width, activation, 2, false)],
    vocabulary: config.size('vocab_size'),
    maxContext: positions,
    learnedPositions: positions,
    tiedEmbeddings: tiedOf(model, true),
  };
}

/** GPT-Neo: `attention_types` says by the run which layers attend to a window of `window_size`; others see everything. */
export function gptNeo(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const heads = config.size('num_heads');
  const count = config.layers('num_layers');
  const base = { heads, kvHeads: heads, headDim: headSize(config, 'num_heads', hidden, heads) };
  const local = { ...base, window: config.size('window_size') };
  const positions = config.size('max_position_embeddings');
  const width = config.sizeOr(4 * hidden, 'intermediate_size');
  const { activation } = activationOf(config, 'activation_function');
  const kinds = config.texts('attention_layers') ?? [];
  if (kinds.length > 0 && kinds.length !== count) {
    throw config.invalid('attention_layers', `${count} entries, one a layer`, `${kinds.length} entries`);
  }
  // Files that list no layers have the two kinds in turn, as all published ones do.
  const isLocal = (at: number): boolean => (kinds.length > 0 ? kinds[at] === 'local' : at % 2 === 1);
  return {
    kind: 'decoder',
    layers: Array.from({ length: count }, (_, at) =>
      layer(1, hidden, isLocal(at) ? local : base, width, activation, 2, false),
    ),
    vocabulary: config.size('vocab_size'),
    maxContext: positions,
    learnedPositions: positions,
    tiedEmbeddings: tiedOf(model, true),
  };
}

export function opt(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const attention = headsOf(config, hidden);
  const positions = config.size('max_position_embeddings');
  const width = config.sizeOr(hidden, 'word_embed_proj_dim');
  const { activation } = activationOf(config, 'activation_function');
  const count = config.layers('num_hidden_layers');
  return {
    kind: 'decoder',
    layers: [
      {
        ...layer(count, hidden, attention, config.size('ffn_dim'), activation, 2, false),
        ...(config.flag('do_layer_norm_before', true) ? {} : ({ normsAt: 'sum' } as const)),
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: positions,
    learnedPositions: positions,
    tiedEmbeddings: tiedOf(model, true),
    ...(width === hidden ? {} : { embeddingWidth: width }),
  };
}

/** Rotary embedding over a part of each head: under a key of the family, or in `rope_parameters`. */
function partial(config: Config, attention: Attention, key: string, fallback: number): Attention {
  const inner = rotaryOf(config).scaling?.values;
  const part = inner?.has('partial_rotary_factor')
    ? inner.number('partial_rotary_factor', 1, 1)
    : config.number(key, fallback, 1);
  return part < 1
    ? { ...attention, rotaryDim: Math.max(1, Math.floor(attention.headDim * part)) }
    : attention;
}

/** Attention and FFN side by side or in turn, each behind its own norm: the same operators. */
export function gptNeox(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const attention = partial(config, headsOf(config, hidden), 'rotary_pct', 0.25);
  const width = config.size('intermediate_size');
  const { activation } = activationOf(config, 'hidden_act');
  return {
    kind: 'decoder',
    layers: [
      {
        ...layer(config.layers('num_hidden_layers'), hidden, attention, width, activation, 2, true),
        ...(config.flag('use_parallel_residual', true) ? ({ parallel: true } as const) : {}),
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: config.size('max_position_embeddings'),
    tiedEmbeddings: tiedOf(model, false),
  };
}

/** Phi 1 to 2: attention and FFN in parallel behind one norm. */
export function phi(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const base = headsOf(config, hidden);
  const attention = {
    ...partial(config, base, 'partial_rotary_factor', 0.5),
    ...(config.flag('qk_layernorm', false) ? { qkNorm: true } : {}),
  };
  const width = config.size('intermediate_size');
  const { activation } = activationOf(config, 'hidden_act');
  return {
    kind: 'decoder',
    layers: [layer(config.layers('num_hidden_layers'), hidden, attention, width, activation, 1, true)],
    vocabulary: config.size('vocab_size'),
    maxContext: config.size('max_position_embeddings'),
    tiedEmbeddings: tiedOf(model, false),
  };
}

/**
 * Falcon: one KV head (7B), or groups of them (new decoder architecture: 40B, 180B, 11B). Its first files call it
 * RefinedWeb and have older names for the same sizes; there groups are marked by `n_head_kv` alone.
 */
export function falcon(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  // The default of new files does not hold in old ones, which have other keys.
  const old = config.has('n_head') || config.has('n_layer');
  const heads = old ? config.size('n_head') : config.size('num_attention_heads');
  const headDim = headSize(config, old ? 'n_head' : 'num_attention_heads', hidden, heads);
  const grouped = config.has('n_head_kv') || config.flag('new_decoder_architecture', false);
  const multiQuery = config.flag('multi_query', true);
  const kvKey = config.has('n_head_kv') ? 'n_head_kv' : 'num_kv_heads';
  const kvHeads = grouped ? config.size(kvKey) : multiQuery ? 1 : heads;
  if (heads % kvHeads !== 0) {
    throw config.invalid(kvKey, `a divisor of num_attention_heads = ${heads}`, kvHeads);
  }
  const parallel = config.flag('parallel_attn', true);
  const alibi = config.flag('alibi', false);
  if (alibi) config.notes.push('ALiBi position biases are added to the scores; those sums are not counted');
  const norms = grouped ? config.sizeOr(2, 'num_ln_in_parallel_attn') : parallel ? 1 : 2;
  const width = config.sizeOr(4 * hidden, 'ffn_hidden_size');
  const { activation } = activationOf(config, 'activation');
  const count = old ? config.layers('n_layer') : config.layers('num_hidden_layers');
  return {
    kind: 'decoder',
    layers: [
      {
        ...layer(count, hidden, { heads, kvHeads, headDim }, width, activation, norms, !alibi),
        ...(parallel && norms > 1 ? ({ parallel: true } as const) : {}),
      },
    ],
    vocabulary: config.size('vocab_size'),
    maxContext: config.sizeOr(2048, 'max_position_embeddings'),
    tiedEmbeddings: tiedOf(model, true),
  };
}
