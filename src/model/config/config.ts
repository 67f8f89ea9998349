import type { ActivationName } from '../../huggingface/activations.ts';
import type { SwinStageSizes } from '../../huggingface/swin.ts';
import type { WhisperHalf } from '../../huggingface/whisper.ts';
import type { DecoderNames } from './decoder-names.ts';

/** Element-wise nonlinear functions that checkpoints name, by the function they are (Mugi §2.2). */
export type { ActivationName };

/** How the angles of long contexts are made from those that the model was first trained with. */
export type RopeScaling =
  | { type: 'linear'; factor: number }
  | { type: 'llama3'; factor: number; low: number; high: number; original: number }
  /** Divisors of the frequencies, one each (GGUF). */
  | { type: 'factors'; factors: readonly number[] }
  /** Peng et al., 2023: between full speed and 1/`factor` by turns in the original context; `size` multiplies both parts. */
  | {
      type: 'yarn';
      factor: number;
      original: number;
      fast: number;
      slow: number;
      truncate: boolean;
      size: number;
    }
  /** Ding et al., 2024: divisors for sequences up to the original context, and for longer ones. */
  | { type: 'longrope'; short: readonly number[]; long: readonly number[]; original: number; size: number };

/** Rotary position embedding. `interleaved` pairs dimensions (2i, 2i+1); otherwise i pairs with i + dim/2. */
export interface Rope {
  theta: number;
  interleaved: boolean;
  /** Elements of a head that are turned, from its first one on. */
  dim: number;
  scaling?: RopeScaling;
}

/**
 * Where a model computes its nonlinear functions: the heads of each softmax, and how many activations there are. Places
 * are counted through the model, and "layer n" of a window, a histogram or a plan is place n.
 */
export interface Places {
  softmax: readonly number[];
  activation: number;
}

export interface Common {
  /** Name of the architecture as its config says it: `llama`, `gemma2`, `gpt2`, `bert`, `vit`. */
  modelType: string;
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  ffn: number;
  activation: ActivationName;
  epsilon: number;
  /** Longest sequence the model is made for, in tokens. */
  context: number;
  /** Absent: one softmax of `heads` heads and one activation a layer. */
  places?: Places;
}

/** Experts of a layer: `active` of `total`, each `hidden` wide, and one for all tokens where there is one. */
export interface ExpertsConfig {
  total: number;
  active: number;
  hidden: number;
  shared?: { hidden: number; gate: boolean };
}

export interface DecoderLayerConfig {
  /** Each position sees so many keys, itself included. */
  window?: number;
  /** Absent: the layer knows no positions. */
  rope?: Rope;
  /** Width of the feed-forward network where there are no experts. */
  ffn: number;
  experts?: ExpertsConfig;
}

/**
 * Where the norms of a block stand: before both halves (`pre`), behind them (`post`: OLMo 2), on both sides (`around`:
 * Gemma 2); or both halves read the same input, normalised once (`parallel`) or for each (`parallel-two`).
 */
export type Blocks = 'pre' | 'post' | 'around' | 'parallel' | 'parallel-two';

/** Norm of queries and keys: over each head with one weight for all, each head with its own, or the whole width. */
export interface QkNorm {
  over: 'head' | 'each-head' | 'width';
  kind: 'rms' | 'layer';
}

/** A decoder-only model: what it computes, in numbers, and where its weights lie. */
export interface DecoderConfig extends Common {
  family: 'decoder';
  vocab: number;
  tied: boolean;
  bos: number | undefined;
  eos: readonly number[];
  each: readonly DecoderLayerConfig[];
  names: DecoderNames;
  blocks: Blocks;
  /** `offset` is added to stored weights (1 in Gemma); a norm of `weights` none only normalises (OLMo 1). */
  norm: { kind: 'rms' | 'layer'; offset: number; weights: 'none' | 'scale' | 'scale-and-shift' };
  qkNorm: QkNorm | undefined;
  gated: boolean;
  bias: { qkv: boolean; output: boolean; mlp: boolean; head: boolean };
  /** Factors of embedding rows, scores, what a half adds, and logits. */
  scale: { embedding: number; scores: number; residual: number; logits: number };
  /** c·tanh(x/c) of scores and logits (Gemma 2). */
  cap: { scores: number | undefined; logits: number | undefined };
  /** Queries, keys and values are clipped to ± this (OLMo). */
  clip: number | undefined;
  /** One learned score a head that takes its share of each softmax (GPT-OSS). */
  sinks: boolean;
  router: RouterConfig | undefined;
  /** Queries grow by 1 + beta·ln(1 + ⌊position / original⌋) (Ministral 3). */
  queryGrowth: { beta: number; original: number } | undefined;
}

export interface RouterConfig {
  /** Softmax over all experts before the choice, or over the chosen ones. */
  softmax: 'all' | 'chosen';
  /** Weights of the chosen are divided by their sum. */
  normalise: boolean;
  bias: boolean;
  /** Gate at most this, up within ± this and one more: the experts of GPT-OSS. */
  limit: number | undefined;
}

export interface Gpt2Config extends Common {
  family: 'gpt2';
  vocab: number;
  tied: boolean;
  bos: number | undefined;
  eos: readonly number[];
}

export interface BertConfig extends Common {
  family: 'bert';
  vocab: number;
  types: number;
  /** Rows of the position table before that of the first token (RoBERTa: those up to the padding token's). */
  firstPosition: number;
}

/** What a model reads that classifies pictures: `frames` of `image` × `image` pixels in `channels` colours. */
export interface Vision extends Common {
  image: number;
  channels: number;
  /** Of a clip; 1 for a single image. */
  frames: number;
  labels: readonly string[];
}

/** ViT, and ViViT, whose patches reach over frames too. */
export interface VitConfig extends Vision {
  family: 'vit';
  /** Frames, height and width of a patch. */
  patch: readonly [frames: number, height: number, width: number];
  qkvBias: boolean;
}

/** A stage of SwinV2. */
export interface SwinStage extends SwinStageSizes {
  /** Side of the windows that position biases were trained on, where it was another; else 0. */
  trained: number;
}

/** SwinV2. `hidden`, `heads` and `ffn` are those of the last stage; `layers` counts the blocks of all. */
export interface SwinConfig extends Vision {
  family: 'swinv2';
  patch: number;
  stages: readonly SwinStage[];
  qkvBias: boolean;
}

/**
 * Whisper: an encoder of log-mel frames and a decoder of text that attends to it. `layers` counts both halves. Places of
 * softmax: the encoder's, the decoder's own, the decoder's cross-attention; of GELU: the encoder's layers, the decoder's,
 * the two convolutions.
 */
export interface WhisperConfig extends Common {
  family: 'whisper';
  vocab: number;
  melBins: number;
  /** Encoder positions; each stands for two frames. */
  sourcePositions: number;
  encoder: WhisperHalf;
  decoder: WhisperHalf;
  /** First token of every text. */
  start: number;
  eos: readonly number[];
  /** Texts begin with their language and task. */
  multilingual: boolean;
  /** Tokens that are never written, and those that are not written first (generation_config.json). */
  suppressed: { always: readonly number[]; first: readonly number[] };
}

export type ModelConfig = DecoderConfig | Gpt2Config | BertConfig | VitConfig | SwinConfig | WhisperConfig;
export type TextConfig = DecoderConfig | Gpt2Config;
export type VisionConfig = VitConfig | SwinConfig;

/** Whether the model writes text, token by token. */
export const isDecoder = (config: ModelConfig): config is TextConfig =>
  config.family === 'decoder' || config.family === 'gpt2';

/** Whether the model reads text and nothing else. */
export const readsText = (config: ModelConfig): config is TextConfig | BertConfig =>
  isDecoder(config) || config.family === 'bert';

/** What a model reads. */
export type Input = 'text' | 'images' | 'clips' | 'speech';

export function inputOf(config: ModelConfig): Input {
  if (isVision(config)) return config.frames > 1 ? 'clips' : 'images';
  return config.family === 'whisper' ? 'speech' : 'text';
}

/** Whether the model reads pixels. */
export const isVision = (config: ModelConfig): config is VisionConfig =>
  config.family === 'vit' || config.family === 'swinv2';
