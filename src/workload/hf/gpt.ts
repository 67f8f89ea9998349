import type { Attention, DecoderStack, LayerSpec } from '../model.ts';
import type { NonlinearName } from '../operator.ts';
import { attentionOf, headSize } from './attention.ts';
import type { Config } from './config.ts';

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

export function gpt2(config: Config): DecoderStack {
  const hidden = config.size('n_embd');
  const heads = config.size('n_head');
  const attention = { heads, kvHeads: heads, headDim: headSize(config, 'n_head', hidden, heads) };
  const positions = config.size('n_positions', 'n_ctx');
  const width = config.sizeOr(4 * hidden, 'n_inner');
  const activation = config.activation(['activation_function'], 'gelu');
  return {
    kind: 'decoder',
    layers: [layer(config.layers('n_layer'), hidden, attention, width, activation, 2, false)],
    vocabulary: config.size('vocab_size'),
    maxContext: positions,
    learnedPositions: positions,
    tiedEmbeddings: config.flag('tie_word_embeddings', true),
  };
}

export function opt(config: Config): DecoderStack {
  const hidden = config.size('hidden_size');
  const attention = attentionOf(config, hidden);
  const positions = config.size('max_position_embeddings');
  const width = config.sizeOr(hidden, 'word_embed_proj_dim');
  const activation = config.activation(['activation_function']);
  const count = config.layers('num_hidden_layers');
  return {
    kind: 'decoder',
    layers: [layer(count, hidden, attention, config.size('ffn_dim'), activation, 2, false)],
    vocabulary: config.size('vocab_size'),
    maxContext: positions,
    learnedPositions: positions,
    tiedEmbeddings: config.flag('tie_word_embeddings', true),
    ...(width === hidden ? {} : { embeddingWidth: width }),
  };
}

/** Rotary embedding over a part of each head. */
function partial(config: Config, attention: Attention, key: string, fallback: number): Attention {
  const part = config.number(key, fallback, 1);
  return part < 1
    ? { ...attention, rotaryDim: Math.max(1, Math.floor(attention.headDim * part)) }
    : attention;
}

/** Attention and FFN side by side or in turn, each behind its own norm: the same operators. */
export function gptNeox(config: Config): DecoderStack {
  const hidden = config.size('hidden_size');
  const attention = partial(config, attentionOf(config, hidden), 'rotary_pct', 0.25);
  const width = config.size('intermediate_size');
  const activation = config.activation(['hidden_act']);
  return {
    kind: 'decoder',
    layers: [layer(config.layers('num_hidden_layers'), hidden, attention, width, activation, 2, true)],
    vocabulary: config.size('vocab_size'),
    maxContext: config.size('max_position_embeddings'),
    tiedEmbeddings: config.flag('tie_word_embeddings', false),
  };
}

/** Phi 1 to 2: attention and FFN in parallel behind one norm. */
export function phi(config: Config): DecoderStack {
  const hidden = config.size('hidden_size');
  const base = attentionOf(config, hidden);
  const attention = {
    ...partial(config, base, 'partial_rotary_factor', 0.5),
    ...(config.flag('qk_layernorm', false) ? { qkNorm: true } : {}),
  };
  const width = config.size('intermediate_size');
  const activation = config.activation(['hidden_act']);
  return {
    kind: 'decoder',
    layers: [layer(config.layers('num_hidden_layers'), hidden, attention, width, activation, 1, true)],
    vocabulary: config.size('vocab_size'),
    maxContext: config.size('max_position_embeddings'),
    tiedEmbeddings: config.flag('tie_word_embeddings', false),
  };
}

/** Falcon: one KV head (7B), or groups of them (new decoder architecture: 40B, 180B, 11B). */
export function falcon(config: Config): DecoderStack {
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const headDim = headSize(config, 'num_attention_heads', hidden, heads);
  const grouped = config.flag('new_decoder_architecture', false);
  const multiQuery = config.flag('multi_query', true);
  const kvHeads = grouped ? config.size('num_kv_heads') : multiQuery ? 1 : heads;
  if (heads % kvHeads !== 0) {
    throw config.invalid('num_kv_heads', `a divisor of num_attention_heads = ${heads}`, kvHeads);
  }
  const parallel = config.flag('parallel_attn', true);
  const alibi = config.flag('alibi', false);
  if (alibi) config.notes.push('ALiBi position biases are added to the scores; those sums are not counted');
  const norms = grouped ? config.sizeOr(2, 'num_ln_in_parallel_attn') : parallel ? 1 : 2;
  const width = config.sizeOr(4 * hidden, 'ffn_hidden_size');
  const activation = config.activation(['activation'], 'gelu');
  const count = config.layers('num_hidden_layers');
  return {
    kind: 'decoder',
    layers: [layer(count, hidden, { heads, kvHeads, headDim }, width, activation, norms, !alibi)],
    vocabulary: config.size('vocab_size'),
    maxContext: config.sizeOr(2048, 'max_position_embeddings'),
    tiedEmbeddings: config.flag('tie_word_embeddings', true),
  };
}
