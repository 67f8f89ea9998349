import type { Attention, DecoderStack, Ffn, LayerSpec } from '../model.ts';
import { attentionOf, merged } from './attention.ts';
import type { Config } from './config.ts';

/** In what a relative of Llama differs from it. */
export interface Traits {
  /** Norms of a layer over the hidden width; 2 when absent. */
  norms?: number;
  qkNorm?: boolean;
  /** Default of `tie_word_embeddings`. */
  tied?: boolean;
  /** Sizes that files of the family leave to the defaults of Transformers. */
  defaults?: { heads?: number; kvHeads?: number; headDim?: number; vocabulary?: number };
  ffn?: (config: Config, layer: number) => Ffn;
  /** Which layers attend to a sliding window, where the file has no `layer_types`. */
  slides?: (config: Config, layer: number) => boolean;
  /** Window when the file does not mention `sliding_window` (null switches it off). */
  window?: number;
}

/** Up, gate and down matrices of `intermediate_size`. */
export const gated = (config: Config): Ffn => ({
  hidden: config.size('intermediate_size'),
  gated: true,
  activation: config.activation(['hidden_act']),
});

/** Gemma's files name the function under either key, or not at all (tanh form of GELU). */
const geglu = (config: Config): Ffn => ({
  hidden: config.size('intermediate_size'),
  gated: true,
  activation: config.activation(['hidden_activation', 'hidden_act'], 'gelu'),
});

/** Decoder with RMSNorm, rotary positions and gated FFNs: Llama and its relatives. */
export function llamaLike(config: Config, traits: Traits = {}): DecoderStack {
  refuseUnfaithful(config);
  const hidden = config.size('hidden_size');
  const count = config.layers('num_hidden_layers');
  const base = headsOf(config, hidden, traits);
  const window = windowOf(config, traits);
  const types = config.texts('layer_types');
  if (types !== undefined && types.length !== count) {
    throw config.invalid('layer_types', `${count} entries, one a layer`, `${types.length} entries`);
  }
  const makeFfn = traits.ffn ?? gated;
  const layers: LayerSpec[] = [];
  for (let i = 0; i < count; i++) {
    const sliding = slidesAt(config, traits, types, i);
    if (sliding && window === undefined && types !== undefined) throw config.missing(['sliding_window']);
    layers.push({
      count: 1,
      hidden,
      attention: [sliding && window !== undefined ? { ...base, window } : base],
      ffn: makeFfn(config, i),
      norm: 'rmsnorm',
      norms: traits.norms ?? 2,
      rope: true,
    });
  }
  const { vocabulary } = traits.defaults ?? {};
  return {
    kind: 'decoder',
    layers: merged(layers),
    vocabulary:
      vocabulary === undefined ? config.size('vocab_size') : config.sizeOrDefault('vocab_size', vocabulary),
    maxContext: config.sizeOr(Infinity, 'max_position_embeddings'),
    tiedEmbeddings: config.flag('tie_word_embeddings', traits.tied ?? false),
  };
}

/** Keys that turn a familiar model_type into something else. */
function refuseUnfaithful(config: Config): void {
  if (config.has('kv_lora_rank')) throw config.refuse('multi-head latent attention (MLA)', 'kv_lora_rank');
  if (config.has('num_kv_shared_layers') && config.values.num_kv_shared_layers !== 0) {
    throw config.refuse('sharing of keys and values across layers', 'num_kv_shared_layers');
  }
}

function headsOf(config: Config, hidden: number, traits: Traits): Attention {
  const base = attentionOf(config, hidden, traits.defaults);
  const part = config.number('partial_rotary_factor', 1, 1);
  return {
    ...base,
    ...(traits.qkNorm === true ? { qkNorm: true } : {}),
    ...(part < 1 ? { rotaryDim: Math.max(1, Math.floor(base.headDim * part)) } : {}),
  };
}

function windowOf(config: Config, traits: Traits): number | undefined {
  const window = config.optionalSize('sliding_window');
  const mentioned = Object.hasOwn(config.values, 'sliding_window');
  if (window !== undefined || mentioned || traits.window === undefined) return window;
  return config.sizeOrDefault('sliding_window', traits.window);
}

function slidesAt(
  config: Config,
  traits: Traits,
  types: readonly string[] | undefined,
  layer: number,
): boolean {
  if (types === undefined) return traits.slides?.(config, layer) ?? false;
  if (types[layer] === 'sliding_attention') return true;
  if (types[layer] === 'full_attention') return false;
  throw config.refuse(`a layer of type "${types[layer]}"`, 'layer_types');
}

/** Qwen: windows only when switched on, and only from `max_window_layers` on. */
export const qwenSlides = (config: Config, layer: number): boolean =>
  config.flag('use_sliding_window', false) && layer >= config.sizeOr(28, 'max_window_layers');

const everywhere = (): boolean => true;

export const llama = (config: Config): DecoderStack => llamaLike(config);
export const mistral = (config: Config): DecoderStack =>
  llamaLike(config, { slides: everywhere, window: 4096 });
export const phi3 = (config: Config): DecoderStack => llamaLike(config, { slides: everywhere });
export const qwen2 = (config: Config): DecoderStack => llamaLike(config, { slides: qwenSlides });
export const qwen3 = (config: Config): DecoderStack =>
  llamaLike(config, { slides: qwenSlides, qkNorm: true });
export const olmo2 = (config: Config): DecoderStack => llamaLike(config, { qkNorm: true });
export const gemma = (config: Config): DecoderStack => llamaLike(config, { tied: true, ffn: geglu });

export function gemma2(config: Config): DecoderStack {
  if (config.has('attn_logit_softcapping')) {
    config.notes.push('the tanh that caps attention scores and logits is not counted');
  }
  const slides = (_: Config, layer: number): boolean => layer % 2 === 0;
  return llamaLike(config, { tied: true, norms: 4, ffn: geglu, slides, window: 4096 });
}

/** Five layers with a window, then one without; files of the multi-modal sizes omit what Transformers defaults. */
export const gemma3 = (config: Config): DecoderStack =>
  llamaLike(config, {
    tied: true,
    norms: 4,
    qkNorm: true,
    ffn: geglu,
    window: 4096,
    slides: (c, layer) => (layer + 1) % c.sizeOr(6, 'sliding_window_pattern') !== 0,
    defaults: { heads: 8, kvHeads: 4, headDim: 256, vocabulary: 262_208 },
  });
