import type { ActivationName } from '../../huggingface/activations.ts';

/** Element-wise nonlinear functions that checkpoints name, by the function they are (Mugi §2.2). */
export type { ActivationName };

/** Rotary position embedding. `interleaved` pairs dimensions (2i, 2i+1); otherwise i pairs with i + size/2. */
export interface Rope {
  theta: number;
  interleaved: boolean;
  scaling?:
    | { type: 'linear'; factor: number }
    | { type: 'llama3'; factor: number; low: number; high: number; original: number }
    /** Divisors of the headDim/2 frequencies, one each (GGUF). */
    | { type: 'factors'; factors: readonly number[] };
}

export interface Common {
  /** Name of the architecture as its config says it: `llama`, `mistral`, `qwen2`, `gpt2`, `bert`, `vit`. */
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
}

export interface LlamaConfig extends Common {
  family: 'llama';
  vocab: number;
  rope: Rope;
  qkvBias: boolean;
  outputBias: boolean;
  mlpBias: boolean;
  tied: boolean;
  bos: number | undefined;
  eos: readonly number[];
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
}

export interface VitConfig extends Common {
  family: 'vit';
  image: number;
  patch: number;
  channels: number;
  qkvBias: boolean;
  labels: readonly string[];
}

export type ModelConfig = LlamaConfig | Gpt2Config | BertConfig | VitConfig;
export type DecoderConfig = LlamaConfig | Gpt2Config;

export const isDecoder = (config: ModelConfig): config is DecoderConfig =>
  config.family === 'llama' || config.family === 'gpt2';
