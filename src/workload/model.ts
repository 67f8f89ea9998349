import type { NonlinearName } from './operator.ts';

/** Attention of one layer. Sizes in elements. */
export interface Attention {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Sliding window: each position sees at most this many keys, itself included. */
  window?: number;
  /** Keys and values come from a sequence of this length (cross-attention), made once per inference. */
  crossSequence?: number;
  /** Queries and keys are normalised over the head before the product (Qwen3, Gemma 3, SwinV2). */
  qkNorm?: boolean;
  /** Elements of a head that the rotary embedding turns; all when absent (partial rotary: Phi, GPT-NeoX). */
  rotaryDim?: number;
}

/** Feed-forward network of one layer. */
export interface Ffn {
  /** Width of one expert, or of the only network. */
  hidden: number;
  /** Gated: up and gate matrices with an element-wise product (SwiGLU, GeGLU). */
  gated: boolean;
  activation: NonlinearName;
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
  vocabulary: number;
  maxContext: number;
  /** The output head is the transposed embedding: counted once in the parameters, computed all the same. */
  tiedEmbeddings: boolean;
  /** Rows of a learned position table, where there is one; the context cannot be longer. */
  learnedPositions?: number;
  /** Width of the token embedding where it is not the hidden width (OPT 350M): projected in and out. */
  embeddingWidth?: number;
}

/** A run of equal encoder layers. Sizes are of one input. */
export interface EncoderLayerShape extends LayerSpec {
  /** Tokens in one attention product. */
  sequence: number;
  /** Attention products of an input: windows of Swin, else 1. */
  windows: number;
  /** Tokens outside attention; sequence × windows when absent, fewer when windows are padded. */
  tokens?: number;
}

/** A GEMM of fixed shape for one input. Convolutions stand here as their im2col product. */
export interface FixedGemm {
  name: string;
  group: 'projection' | 'ffn' | 'output';
  m: number;
  k: number;
  n: number;
  /** Elementwise function of the outputs. */
  activation?: NonlinearName;
  /** Width of a LayerNorm before or behind the product, over M rows. */
  norm?: number;
  /** M is the sequence, and follows it where the user's context decides. */
  perToken?: true;
}

/** Layers that see one whole sequence at once. */
export interface EncoderStack {
  kind: 'encoder';
  layers: EncoderLayerShape[];
  /** Positions of one input (of the first stage, where stages differ): what a result per token refers to. */
  sequence: number;
  /** Text encoders: `sequence` is the longest; an input has as many tokens as the user's context, up to it. */
  followsContext?: true;
  /** GEMMs before, between or behind the layers: patch embedding, patch merging, classifier. */
  extra: FixedGemm[];
  /** A LayerNorm over all tokens behind the last layer. */
  finalNorm: boolean;
  /** Parameters in tables that are looked up or added, not multiplied: words, positions, class token. */
  tableParameters: number;
}

/** Plain products without a model around them (SCALE-Sim topology). */
export interface GemmList {
  kind: 'gemms';
  gemms: FixedGemm[];
}

/** A model as the accelerator sees it: shapes only, no weights. */
export interface ModelShape {
  name: string;
  /** A phrase for people: "Llama 2 70B, GQA with 8 KV heads". */
  title: string;
  /** Where the shapes come from. */
  source: string;
  stacks: (DecoderStack | EncoderStack | GemmList)[];
  /** Bits of weights and KV cache when the file itself says so (quantization_config). */
  weightBits?: number;
  kvBits?: number;
  notes?: string[];
}

export const isDecoder = (model: ModelShape): boolean => model.stacks.some(({ kind }) => kind === 'decoder');
