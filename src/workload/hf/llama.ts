import type { Config } from '../../huggingface/config.ts';
import { headsOf, positionsOf, rotaryDim, rotaryOf, windowOf } from '../../huggingface/heads.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import { tiedOf } from '../../huggingface/language-model.ts';
import { line } from '../../shown.ts';
import type { Attention, DecoderStack, Ffn, LayerSpec } from '../model.ts';
import { activationOf } from './activation.ts';

/** In what a relative of Llama differs from it. */
export interface Traits {
  /** Norms of a layer over the hidden width; 2 when absent. */
  norms?: number;
  normsAt?: LayerSpec['normsAt'];
  norm?: LayerSpec['norm'];
  normWeights?: LayerSpec['normWeights'];
  /** Norms of queries and keys: one weight for all heads, or over the whole width, or a weight for every head. */
  qkNorm?: 'head' | 'width' | undefined;
  ffn?: (config: Config, layer: number) => Ffn;
  /** Which layers attend to a sliding window, where the file has no `layer_types`. */
  slides?: (config: Config, layer: number) => boolean;
  /** Changes of one layer's attention. */
  attention?: (attention: Attention, config: Config, layer: number) => Attention;
  /** Types of the layers, where they stand under another key than `layer_types`. */
  types?: readonly string[] | undefined;
  /** KV heads, where files of the family state them elsewhere. */
  kvHeads?: number;
  /** The last word on a layer. */
  layer?: (layer: LayerSpec, index: number) => LayerSpec;
  /** What a layer of a type that is no attention holds instead of it. */
  other?: (config: Config, type: string, layer: number) => LayerSpec['recurrence'] | undefined;
}

/** Up, gate and down matrices of `intermediate_size`, which pruned models may have as a list with an entry a layer. */
export const gated = (config: Config, layer = 0): Ffn => ({
  hidden: Array.isArray(config.value('intermediate_size'))
    ? config.sizePerLayer(config.layers('num_hidden_layers'), 'intermediate_size')[layer]
    : config.size('intermediate_size'),
  gated: true,
  // Gemma's files name the function under either key, or not at all.
  ...activationOf(config, 'hidden_act', 'hidden_activation'),
});

/** Decoder with RMSNorm, rotary positions and gated FFNs: Llama and its relatives. */
export function llamaLike({ config, chain, type }: LanguageModel, traits: Traits = {}): DecoderStack {
  const hidden = config.size('hidden_size');
  const count = config.layers('num_hidden_layers');
  if (config.has('kv_lora_rank')) {
    throw config.refuse(`multi-head latent attention (MLA) in a model of type "${type}"`, 'kv_lora_rank');
  }
  const base = attentionOf(config, hidden, traits);
  const window = windowOf(config);
  const types = layerTypes(config, count, traits.types);
  const shared = config.count(0, 'num_kv_shared_layers');
  if (shared >= count) throw config.invalid('num_kv_shared_layers', `fewer than ${count} layers`, shared);
  const makeFfn = traits.ffn ?? gated;
  const layers: LayerSpec[] = [];
  for (let i = 0; i < count; i++) {
    const kind = types?.[i];
    const recurrence = kind === undefined ? undefined : traits.other?.(config, kind, i);
    const sliding = recurrence === undefined && slidesAt(config, traits, kind, i);
    if (sliding && window === undefined && types !== undefined) throw config.missing(['sliding_window']);
    const own: Attention = {
      ...base,
      ...(sliding && window !== undefined ? { window } : {}),
      ...(i >= count - shared ? ({ sharesKv: true } as const) : {}),
    };
    const layer: LayerSpec = {
      count: 1,
      hidden,
      attention: recurrence === undefined ? [traits.attention?.(own, config, i) ?? own] : [],
      ...(recurrence === undefined ? {} : { recurrence }),
      ffn: makeFfn(config, i),
      norm: traits.norm ?? 'rmsnorm',
      norms: traits.norms ?? 2,
      ...(traits.normsAt === undefined ? {} : { normsAt: traits.normsAt }),
      ...(traits.normWeights === undefined ? {} : { normWeights: traits.normWeights }),
      rope: true,
    };
    layers.push(traits.layer?.(layer, i) ?? layer);
  }
  return {
    kind: 'decoder',
    layers,
    vocabulary: config.size('vocab_size'),
    maxContext: positionsOf(config),
    tiedEmbeddings: tiedOf({ config, chain, type }),
  };
}

function attentionOf(config: Config, hidden: number, { qkNorm, kvHeads }: Traits): Attention {
  const base = headsOf(config, hidden, kvHeads);
  const turned = rotaryDim(base.headDim, rotaryOf(config).partial);
  const width = qkNorm === 'head' ? 2 * base.headDim : (base.heads + base.kvHeads) * base.headDim;
  return {
    ...base,
    ...(qkNorm === undefined ? {} : { qkNorm: true, qkNormWidth: width }),
    ...(turned === undefined ? {} : { rotaryDim: turned }),
  };
}

/** `layer_types`, an entry a layer. */
function layerTypes(config: Config, count: number, given?: readonly string[]): readonly string[] | undefined {
  const types = given ?? config.texts('layer_types');
  if (types !== undefined && types.length !== count) {
    throw config.invalid('layer_types', `${count} entries, one a layer`, `${types.length} entries`);
  }
  return types;
}

function slidesAt(config: Config, traits: Traits, type: string | undefined, layer: number): boolean {
  if (type === undefined) return traits.slides?.(config, layer) ?? false;
  if (type === 'sliding_attention') return true;
  if (type === 'full_attention' || type === 'chunked_attention') return false;
  throw config.refuse(`a layer of type "${line(type, 40)}"`, 'layer_types');
}

/** Qwen: windows only when switched on, and only from `max_window_layers` on. */
export const qwenSlides = (config: Config, layer: number): boolean =>
  config.flag('use_sliding_window', false) && layer >= config.count(28, 'max_window_layers');

/** Every layer that the file's window is for. */
export const everywhere = (): boolean => true;

/** All but each `sliding_window_pattern`-th layer. */
const allBut = (config: Config, layer: number): boolean =>
  (layer + 1) % config.sizeOr(1, 'sliding_window_pattern', '_sliding_window_pattern') !== 0;

export const llama = (model: LanguageModel): DecoderStack => llamaLike(model);
export const mistral = (model: LanguageModel): DecoderStack => llamaLike(model, { slides: everywhere });
export const phi3 = (model: LanguageModel): DecoderStack => llamaLike(model, { slides: everywhere });
export const qwen2 = (model: LanguageModel): DecoderStack => llamaLike(model, { slides: qwenSlides });
export const qwen3 = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { slides: qwenSlides, qkNorm: 'head' });
export const gemma = (model: LanguageModel): DecoderStack => llamaLike(model);

export function gemma2(model: LanguageModel): DecoderStack {
  if (model.config.has('attn_logit_softcapping')) {
    model.config.notes.push('the tanh that caps attention scores and logits is not counted');
  }
  return llamaLike(model, { norms: 4, slides: (_, layer) => layer % 2 === 0 });
}

/** Five layers with a window, then one without. */
export const gemma3 = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { norms: 4, qkNorm: 'head', slides: allBut });

/** Norms over the whole width of queries and keys, behind the blocks instead of in front of them. */
export const olmo2 = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { qkNorm: 'width', normsAt: 'result' });
/** As OLMo 2, with a window in three of four layers. */
export const olmo3 = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { qkNorm: 'width', normsAt: 'result', slides: (_, layer) => (layer + 1) % 4 !== 0 });

/** Llama with scalar multipliers on embeddings, scores and residuals, which cost next to nothing. */
export function granite(model: LanguageModel): DecoderStack {
  model.config.notes.push('the scalar multipliers of embeddings, residuals and logits are not counted');
  return llamaLike(model);
}

/** Command R: attention and FFN in parallel behind one LayerNorm, which has no shift. */
export function cohere(model: LanguageModel): DecoderStack {
  const { config } = model;
  return llamaLike(model, {
    norms: 1,
    norm: 'layernorm',
    normWeights: 1,
    slides: allBut,
    qkNorm: config.flag('use_qk_norm', false) ? 'width' : undefined,
  });
}

/** StableLM: LayerNorm; a parallel block has one. */
export function stablelm(model: LanguageModel): DecoderStack {
  const { config } = model;
  return llamaLike(model, {
    norm: 'layernorm',
    norms: config.flag('use_parallel_residual', false) ? 1 : 2,
    // One norm a head, each with its own weights.
    qkNorm: config.flag('qk_layernorm', false) ? 'width' : undefined,
  });
}

/** OLMo 1: LayerNorms without weights. */
export const olmo = (model: LanguageModel): DecoderStack =>
  llamaLike(model, { norm: 'layernorm', normWeights: 0 });

/** GLM-4 0414: Llama with a norm on both sides of each block. */
export const glm4 = (model: LanguageModel): DecoderStack => llamaLike(model, { norms: 4 });
