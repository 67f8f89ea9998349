import { headSize, headsOf, positionsOf, rotaryDim, rotaryOf, windowOf } from '../../huggingface/heads.ts';
import { type LanguageModel, tiedOf } from '../../huggingface/language-model.ts';
import type { Attention, DecoderStack, LayerSpec } from '../model.ts';
import { activationOf } from './activation.ts';

/** Further decoders with LayerNorm and a plain network: GPT-J, GPT-BigCode, StarCoder 2, BLOOM, MPT, Nemotron, GLM 3. */

/** What such a decoder differs in; two norms with two weights an element, rotary positions. */
type Plain = Omit<LayerSpec, 'count' | 'norm' | 'norms' | 'rope' | 'attention'> &
  Partial<Pick<LayerSpec, 'norm' | 'norms' | 'rope'>> & { count: number; attention: Attention };

const decoder = (
  { attention, ...layer }: Plain,
  rest: Omit<DecoderStack, 'kind' | 'layers'>,
): DecoderStack => ({
  kind: 'decoder',
  layers: [{ norm: 'layernorm', norms: 2, rope: true, ...layer, attention: [attention] }],
  ...rest,
});

/** GPT-J and CodeGen: attention and network in parallel behind one norm, `rotary_dim` elements rotated. */
export function gptj(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('n_embd');
  const heads = config.size('n_head');
  const headDim = headSize(config, 'n_head', hidden, heads);
  const turned = config.sizeOr(headDim, 'rotary_dim');
  const { activation } = activationOf(config, 'activation_function');
  return decoder(
    {
      count: config.layers('n_layer'),
      hidden,
      attention: { heads, kvHeads: heads, headDim, ...(turned < headDim ? { rotaryDim: turned } : {}) },
      ffn: { hidden: config.sizeOr(4 * hidden, 'n_inner'), gated: false, activation },
      norms: 1,
    },
    {
      vocabulary: config.size('vocab_size'),
      maxContext: positionsOf(config),
      tiedEmbeddings: tiedOf(model),
    },
  );
}

/** GPT-BigCode (StarCoder): GPT-2 with one KV head. */
export function gptBigcode(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('n_embd');
  const heads = config.size('n_head');
  const headDim = headSize(config, 'n_head', hidden, heads);
  const positions = positionsOf(config);
  const { activation } = activationOf(config, 'activation_function');
  return decoder(
    {
      count: config.layers('n_layer'),
      hidden,
      attention: { heads, kvHeads: config.flag('multi_query', true) ? 1 : heads, headDim },
      ffn: { hidden: config.sizeOr(4 * hidden, 'n_inner'), gated: false, activation },
      rope: false,
    },
    {
      vocabulary: config.size('vocab_size'),
      maxContext: positions,
      learnedPositions: positions,
      tiedEmbeddings: tiedOf(model, true),
    },
  );
}

/** StarCoder 2 and Nemotron 3 and 4: Llama's keys, LayerNorm and a network of two matrices. */
const plainLlama =
  (act: string) =>
  (model: LanguageModel): DecoderStack => {
    const { config } = model;
    const hidden = config.size('hidden_size');
    const base = headsOf(config, hidden);
    const turned = rotaryDim(base.headDim, rotaryOf(config).partial);
    const window = windowOf(config);
    return decoder(
      {
        count: config.layers('num_hidden_layers'),
        hidden,
        attention: {
          ...base,
          ...(turned === undefined ? {} : { rotaryDim: turned }),
          ...(window === undefined ? {} : { window }),
        },
        ffn: { hidden: config.size('intermediate_size'), gated: false, ...activationOf(config, act) },
        norm: config.text('norm_type') === 'rms_norm' ? 'rmsnorm' : 'layernorm',
      },
      {
        vocabulary: config.size('vocab_size'),
        maxContext: positionsOf(config),
        tiedEmbeddings: tiedOf(model),
      },
    );
  };

export const starcoder2 = plainLlama('hidden_act');
export const nemotron = plainLlama('hidden_act');

const ALIBI = 'ALiBi position biases are added to the scores; those sums are not counted';

/** BLOOM: ALiBi, and a norm behind the embedding. Its files have the sizes under old or new names. */
export function bloom(model: LanguageModel): DecoderStack {
  const { config } = model;
  config.notes.push(ALIBI);
  const hidden = config.size('n_embed', 'hidden_size');
  const heads = config.size('num_attention_heads', 'n_head');
  const count = config.layers('num_hidden_layers', 'n_layer');
  return decoder(
    {
      count,
      hidden,
      attention: { heads, kvHeads: heads, headDim: headSize(config, 'n_head', hidden, heads) },
      ffn: { hidden: 4 * hidden, gated: false, activation: 'gelu' },
      rope: false,
    },
    {
      vocabulary: config.size('vocab_size'),
      maxContext: config.sizeOr(2048, 'seq_length'),
      tiedEmbeddings: tiedOf(model, true),
    },
  );
}

/** MPT: sizes of attention stand in `attn_config`; ALiBi or learned positions; no biases as a rule. */
export function mpt(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('d_model');
  const heads = config.size('n_heads');
  const attn = config.object('attn_config');
  const kind = attn?.text('attn_type') ?? 'multihead_attention';
  const kvHeads = attn?.optionalSize('kv_n_heads') ?? (kind === 'multiquery_attention' ? 1 : heads);
  if (heads % kvHeads !== 0) throw attn!.invalid('kv_n_heads', `a divisor of n_heads = ${heads}`, kvHeads);
  const alibi = attn?.flag('alibi', true) ?? true;
  if (alibi) config.notes.push(ALIBI);
  const positions = positionsOf(config);
  return decoder(
    {
      count: config.layers('n_layers'),
      hidden,
      attention: { heads, kvHeads, headDim: headSize(config, 'n_heads', hidden, heads) },
      ffn: {
        hidden: Math.trunc(config.number('expansion_ratio', 4) * hidden),
        gated: false,
        activation: 'gelu',
      },
      ...(config.flag('no_bias', true) ? { normWeights: 1 as const } : {}),
      rope: false,
    },
    {
      vocabulary: config.size('vocab_size'),
      maxContext: positions,
      ...(alibi ? {} : { learnedPositions: positions }),
      tiedEmbeddings: tiedOf(model, true),
    },
  );
}

/** ChatGLM 2 and 3, and GLM-4 under that type: grouped attention and a gated network under names of their own. */
export function chatglm(model: LanguageModel): DecoderStack {
  const { config } = model;
  const hidden = config.size('hidden_size');
  const heads = config.size('num_attention_heads');
  const headDim = config.sizeOr(hidden / heads, 'kv_channels');
  const grouped = config.flag('multi_query_attention', false);
  return decoder(
    {
      count: config.layers('num_layers', 'num_hidden_layers'),
      hidden,
      attention: {
        heads,
        kvHeads: grouped ? config.size('multi_query_group_num') : heads,
        headDim,
        rotaryDim: Math.max(1, Math.floor(headDim / 2)),
      },
      ffn: { hidden: config.size('ffn_hidden_size'), gated: true, activation: 'silu' },
      norm: config.flag('rmsnorm', true) ? 'rmsnorm' : 'layernorm',
    },
    {
      vocabulary: config.size('padded_vocab_size', 'vocab_size'),
      maxContext: config.sizeOr(2048, 'seq_length'),
      tiedEmbeddings: config.flag('tie_word_embeddings', false),
    },
  );
}
