/** Keys that most decoders state. The longest context is one round number: no shape of these depends on it. */
export const decoder = (
  model_type: string,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  [num_attention_heads, num_key_value_heads]: readonly [heads: number, kvHeads: number],
  vocab_size: number,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  model_type,
  hidden_size,
  intermediate_size,
  num_hidden_layers,
  num_attention_heads,
  num_key_value_heads,
  vocab_size,
  max_position_embeddings: 32_768,
  ...more,
});

/** The same of files that state the activation, SiLU where `more` says no other. */
export const siluDecoder = (...keys: Parameters<typeof decoder>): Record<string, unknown> => ({
  hidden_act: 'silu',
  ...decoder(...keys),
});

/** Sizes of the latent attention of DeepSeek V2 and V3. */
export const mla = {
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
};

/** `first` zeros, and ones up to `count`: a list of layers. */
export const firstThen = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i < first ? 0 : 1));
