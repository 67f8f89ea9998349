/** Names of weights within a layer, by what they are. */
export interface LayerNames {
  attentionNorm: string;
  ffnNorm: string;
  /** Norms behind the halves, where there are any. */
  attentionOut: string;
  ffnOut: string;
  q: string;
  k: string;
  v: string;
  /** One matrix for queries, keys and values: one after another, or head by head (GPT-NeoX). */
  qkv?: { name: string; order: 'parts' | 'heads' };
  o: string;
  qNorm: string;
  kNorm: string;
  gate: string;
  up: string;
  down: string;
  /** One matrix for gate and up, one after the other. */
  gateUp?: string;
  sinks: string;
  router: string;
  experts: ExpertNames;
  shared: { at: string; gate: string };
}

/** How experts are stored. */
export type ExpertNames =
  /** Matrices of each expert for itself. */
  | { kind: 'each'; at: string; gate: string; up: string; down: string }
  /** All in one tensor [experts × outputs × inputs], gate before up. */
  | { kind: 'stacked'; gateUp: string; down: string }
  /** GPT-OSS: [experts × inputs × outputs]; gate and up alternate; biases. */
  | { kind: 'alternating'; gateUp: string; down: string };

/** Names of a family's weights. `body` is the part of each name that wrappers and bare models change. */
export interface DecoderNames {
  body: string;
  embedding: string;
  layers: string;
  finalNorm: string;
  head: string;
  layer: LayerNames;
}

const LLAMA_LAYER: LayerNames = {
  attentionNorm: 'input_layernorm',
  ffnNorm: 'post_attention_layernorm',
  attentionOut: 'post_attention_layernorm',
  ffnOut: 'post_feedforward_layernorm',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  qNorm: 'self_attn.q_norm',
  kNorm: 'self_attn.k_norm',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
  sinks: 'self_attn.sinks',
  router: 'mlp.gate',
  experts: { kind: 'each', at: 'mlp.experts', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
  shared: { at: 'mlp.shared_expert', gate: 'mlp.shared_expert_gate' },
};

/** Llama's names, in which most families store their weights. */
export const LLAMA_NAMES: DecoderNames = {
  body: 'model.',
  embedding: 'embed_tokens',
  layers: 'layers',
  finalNorm: 'norm',
  head: 'lm_head',
  layer: LLAMA_LAYER,
};

/** Llama's names, changed within layers. */
export const layerNames = (change: Partial<LayerNames>): DecoderNames => ({
  ...LLAMA_NAMES,
  layer: { ...LLAMA_LAYER, ...change },
});

export const NEOX_NAMES: DecoderNames = {
  body: 'gpt_neox.',
  embedding: 'embed_in',
  layers: 'layers',
  finalNorm: 'final_layer_norm',
  head: 'embed_out',
  layer: {
    ...LLAMA_LAYER,
    qkv: { name: 'attention.query_key_value', order: 'heads' },
    o: 'attention.dense',
    up: 'mlp.dense_h_to_4h',
    down: 'mlp.dense_4h_to_h',
  },
};
