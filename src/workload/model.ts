import type { NonlinearFunction } from './operator.ts';

/** Attention of one layer. Sizes in elements. */
export interface Attention {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Sliding window: each position sees at most this many keys, itself included. */
  window?: number;
  /** Keys and values come from a sequence of this length (cross-attention), made once per inference. */
  crossSequence?: number;
}

/** Feed-forward network of one layer. */
export interface Ffn {
  /** Width of one expert, or of the only network. */
  hidden: number;
  /** Gated: up and gate matrices with an element-wise product (SwiGLU, GeGLU). */
  gated: boolean;
  activation: NonlinearFunction;
  /** Mixture of experts: `active` of `total` routed experts a token, and `shared` ones that all tokens use. */
  experts?: { total: number; active: number; shared: number; sharedHidden?: number };
}

/** A run of equal layers. */
export interface LayerSpec {
  count: number;
  hidden: number;
  /** In execution order: self-attention, then cross-attention where there is one. */
  attention: Attention[];
  ffn?: Ffn;
  norm: 'rmsnorm' | 'layernorm';
  /** Norms of one layer over the hidden width: 2 in pre-norm blocks, 4 in Gemma 2 and 3, 1 in parallel blocks. */
  norms: number;
  rope: boolean;
}

/** Layers that see a causal, growing context and make one token at a time. */
export interface DecoderStack {
  kind: 'decoder';
  layers: LayerSpec[];
  /** Tokens a position puts in; 1 for text. */
  vocabulary: number;
  maxContext: number;
}

/** Layers that see one whole sequence at once. */
export interface EncoderStack {
  kind: 'encoder';
  layers: (LayerSpec & {
    /** Tokens in one attention product and how many such products an input has (windows of Swin; else 1). */
    sequence: number;
    windows: number;
  })[];
  /** GEMMs before, between or behind the layers: patch embedding, patch merging, classifier. Per input. */
  extra: { name: string; m: number; k: number; n: number }[];
}

/** A model as the accelerator sees it: shapes only, no weights. */
export interface Model {
  name: string;
  /** A phrase for people: "Llama 2 70B, GQA with 8 KV heads". */
  title: string;
  /** Where the shapes come from. */
  source: string;
  stacks: (DecoderStack | EncoderStack)[];
  /** Bits of weights and KV cache when the file itself says so (quantization_config). */
  weightBits?: number;
  kvBits?: number;
  notes?: string[];
}

export const isDecoder = (model: Model): boolean => model.stacks.some(({ kind }) => kind === 'decoder');
