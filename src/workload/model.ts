import type { ElementwiseOperator, Group, NonlinearName } from './operator.ts';

/** How a matrix is stored: bits a weight, and bits of scales and zero points that come with each weight. */
export interface Format {
  bits: number;
  scaleBits: number;
}

/** Formats of a layer's matrices by the name of their operator; what is not listed has the width that is asked for. */
export type Formats = Readonly<Record<string, Format>>;

/** Attention of one layer. Sizes in elements. */
export interface Attention {
  heads: number;
  kvHeads: number;
  headDim: number;
  /** Width of a value head, where it is not that of keys (MiMo V2). */
  valueDim?: number;
  /** Sliding window: each position sees at most this many keys, itself included. */
  window?: number;
  /** Chunked attention: each position sees the keys of its own chunk of this many positions (Llama 4). */
  chunk?: number;
  /** Keys and values come from a sequence of this length (cross-attention), made once per inference. */
  crossSequence?: number;
  /** Queries and keys are normalised over the head before the product (Qwen3, Gemma 3, SwinV2). */
  qkNorm?: boolean;
  /** Trained weights of those norms, where there are any. */
  qkNormWidth?: number;
  /** Elements of a head that the rotary embedding turns; all when absent (partial rotary: Phi, GPT-NeoX), 0: none. */
  rotaryDim?: number;
  /** One projection gives keys and values (Gemma 4). */
  keysAreValues?: true;
  /** Keys and values are those of an earlier layer: neither projected nor written (cross-layer sharing). */
  sharesKv?: true;
  /** The result is multiplied by a sigmoid of another projection, this many values wide (Qwen3-Next). */
  outputGate?: number;
  /** Multi-head latent attention: what is cached is a latent vector for all heads. */
  latent?: Latent;
  /** Sparse attention: a small attention chooses the keys. */
  indexer?: Indexer;
}

/** Multi-head latent attention (DeepSeek-V2, 2024, §2.1). */
export interface Latent {
  /** Width of the compressed query; absent: queries are projected at once. */
  queryRank?: number;
  /** Width of the latent of keys and values, which is cached with the rotated part: `rank` + `rotary` a token. */
  rank: number;
  /** Widths of one head: its part without positions, its part with them, its values. */
  plain: number;
  rotary: number;
  value: number;
}

/** Lightning indexer (DeepSeek V3.2): scores with few small heads choose `selected` keys. */
export interface Indexer {
  heads: number;
  dim: number;
  selected: number;
  /** Width of the vector that its queries are made of. */
  queryRank: number;
  /** Its heads are not weighed (MiniMax M3). */
  unweighted?: true;
  /** Reuses the choice of an earlier layer: no scores of its own. */
  shared?: true;
}

/** A product of a layer with a state. */
export interface Projection {
  name: string;
  /** Width of what it reads; the layer's input when absent. */
  k?: number;
  n: number;
  /** The projection that it reads, or `CONVOLVED`; the layer's input when absent. */
  reads?: string;
  /** What its result goes to, apart from projections that read it: the convolution when absent, or the state without one. */
  gives?: readonly ('convolution' | 'state' | 'gate')[];
}

/** A layer that keeps a state of fixed size instead of keys and values: state-space, gated delta, linear attention. */
export interface Recurrence {
  /** What it is, for people: "gated delta rule". */
  title: string;
  /** Products with the layer's input, or with a vector `k` wide, by name. */
  projections: Projection[];
  /** Depthwise causal convolution in front of the state. */
  convolution?: { channels: number; taps: number };
  /** Elements of the state, multiply-accumulates each of them takes a token, and bits that it is stored in. */
  state: { elements: number; passes: number; bits: number };
  /** Width of what leaves the state; it is normalised and gated before the last product. */
  output: number;
  /** Parameters beside matrices: convolution, decay, step and norm weights. */
  other: number;
}

/** Feed-forward network of one layer. */
export interface Ffn {
  /** Width of one expert, or of the only network. */
  hidden: number;
  /** Gated: up and gate matrices with an element-wise product (SwiGLU, GeGLU). */
  gated: boolean;
  activation: NonlinearName;
  /** The activation's result is multiplied by itself (squared ReLU). */
  squared?: true;
  experts?: Experts;
}

/** Mixture of experts: `active` of `total` routed experts a token, and `shared` ones that all tokens use. */
export interface Experts {
  total: number;
  active: number;
  shared: number;
  sharedHidden?: number;
  /** Width of the vectors that routed experts see, projected down and up around them (latent experts). */
  width?: number;
  /** The shared expert is weighed with a sigmoid of one value a token (Qwen 2 MoE). */
  sharedGate?: true;
  /** Routed experts and the network beside them are normalised each by itself: three norms more (Gemma 4). */
  ownNorms?: true;
}

/** A run of equal layers. */
export interface LayerSpec {
  count: number;
  hidden: number;
  /** In execution order: self-attention, then cross-attention where there is one; none in recurrent layers. */
  attention: Attention[];
  recurrence?: Recurrence;
  ffn?: Ffn;
  norm: 'rmsnorm' | 'layernorm';
  /** Norms of one layer over the hidden width: 2 in pre-norm blocks, 4 in Gemma 2 and 3, 1 in parallel blocks. */
  norms: number;
  /**
   * Where they stand, unless in front of attention and network: behind each sum (BERT), behind each result in front of
   * its sum (OLMo 2, SwinV2), in front and also in front of the last matrix (BitNet), or in front of the sum's other side
   * too, so that what goes on is normalised (MiniMax-01 with `postnorm`).
   */
  normsAt?: 'sum' | 'result' | 'inner' | 'stream';
  /** Attention and network both read the layer's input, also where each has a norm of its own (GPT-NeoX). */
  parallel?: true;
  /** Trained weights an element of a norm, where they are not one for RMSNorm and two for LayerNorm. */
  normWeights?: 0 | 1;
  rope: boolean;
  formats?: Formats;
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
  /**
   * Head of a model that writes no text: `outputs` values of the last position (a reward, labels), or of every
   * position. 0: none. The model then sees its whole sequence in one pass.
   */
  head?: { outputs: number; everyPosition?: true };
  /** Format of the output head (`logits`). */
  formats?: Formats;
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
  /** Products of this shape, each of its own operands: a depthwise convolution has one a channel. Otherwise one. */
  count?: number;
  /** Elementwise function of the outputs. */
  activation?: NonlinearName;
  /** Width of a LayerNorm before or behind the product, over M rows. */
  norm?: number;
  /** It stands behind so many kinds of layers; in front of the first when absent, behind the last in the output group. */
  behind?: number;
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
  /** A norm over all tokens behind the last layer, of the layers' kind. */
  finalNorm: boolean;
  /** That norm stands in front of the first layer instead (BERT). */
  normFirst?: true;
  /** Parameters in tables that are looked up or added, not multiplied: words, positions, class token. */
  tableParameters: number;
}

/** Plain products without a model around them (SCALE-Sim topology). */
export interface GemmList {
  kind: 'gemms';
  gemms: FixedGemm[];
}

/** An operator of a graph, `count` times with the same sizes, each time with weights of its own. */
export type GraphOperator = { name: string; count: number } & (
  | {
      kind: 'gemm';
      group: Group;
      batch: number;
      m: number;
      k: number;
      n: number;
      /** The second factor is a weight; otherwise it is computed. */
      weights: boolean;
      /** How the file stores the weight; absent where no weight is quantised. */
      format?: (Format & { floating?: true }) | undefined;
    }
  | { kind: 'nonlinear'; function: NonlinearName; rows: number; columns: number }
  | {
      kind: 'elementwise';
      function: ElementwiseOperator['function'];
      elements: number;
      multiplies: number;
      adds: number;
      divides: number;
      angles?: number;
    }
);

/** Operators of a graph whose sizes are fixed (ONNX). */
export interface GraphStack {
  kind: 'graph';
  operators: GraphOperator[];
  /** Pairs of places among them: the second reads what the first gives. */
  edges?: readonly (readonly [number, number])[];
  /** Weights of its products, tables and norms; biases are left out. */
  parameters: number;
}

/** A model as the accelerator sees it: shapes only, no weights. */
export interface ModelShape {
  name: string;
  /** A phrase for people: "Llama 2 70B, GQA with 8 KV heads". */
  title: string;
  /** Where the shapes come from. */
  source: string;
  stacks: (DecoderStack | EncoderStack | GemmList | GraphStack)[];
  /** Bits of weights and KV cache when the file itself says so (quantization_config). */
  weightBits?: number;
  kvBits?: number;
  notes?: string[];
}
