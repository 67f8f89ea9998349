import type { PublicModel } from './public-models.ts';

/** The rest of the families: relatives of Llama, state-space models and hybrids, text encoders. As in public-families. */

const llama = (
  model_type: string,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  [num_attention_heads, num_key_value_heads]: [number, number],
  vocab_size: number,
  more: Record<string, unknown> = {},
) => ({
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

export const PUBLIC_RELATIVES: Record<string, PublicModel> = {
  'SmolLM3-3B': { config: llama('smollm3', 2048, 11_008, 36, [16, 4], 128_256), parameters: 3075 },
  'Hunyuan-7B': {
    config: llama('hunyuan_v1_dense', 4096, 14_336, 32, [32, 8], 128_256, { tie_word_embeddings: true }),
    parameters: 7505,
  },
  'EXAONE-3.5-7.8B': {
    config: {
      model_type: 'exaone',
      hidden_size: 4096,
      intermediate_size: 14_336,
      num_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 102_400,
      max_position_embeddings: 32_768,
    },
    parameters: 7818,
  },
  'EXAONE-4.0-32B': {
    config: llama('exaone4', 5120, 27_392, 64, [40, 8], 102_400, {
      head_dim: 128,
      sliding_window: 4096,
      sliding_window_pattern: 'LLLG',
    }),
    parameters: 32_003,
  },
  'Qwen-7B': { config: llama('qwen', 4096, 22_016, 32, [32, 32], 151_936), parameters: 7721 },
  'deepseek-moe-16b': {
    config: llama('deepseek', 2048, 10_944, 28, [16, 16], 102_400, {
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    parameters: 16_376,
    active: 2800,
  },
  'MiniCPM3-4B': {
    config: llama('minicpm3', 2560, 6400, 62, [40, 40], 73_448, {
      q_lora_rank: 768,
      kv_lora_rank: 256,
      qk_nope_head_dim: 64,
      qk_rope_head_dim: 32,
      tie_word_embeddings: true,
    }),
    parameters: 4074,
  },
  'ERNIE-4.5-0.3B': {
    config: llama('ernie4_5', 1024, 3072, 18, [16, 2], 103_424, { head_dim: 128 }),
    parameters: 360.7,
  },
  'ERNIE-4.5-21B-A3B': {
    config: llama('ernie4_5_moe', 2560, 12_288, 28, [20, 4], 103_424, {
      moe_num_experts: 64,
      moe_k: 6,
      moe_num_shared_experts: 2,
      moe_intermediate_size: 1536,
      moe_layer_start_index: 1,
    }),
    parameters: 21_825,
  },
  'mamba-2.8b': {
    config: { model_type: 'mamba', hidden_size: 2560, num_hidden_layers: 64, vocab_size: 50_280 },
    parameters: 2768,
  },
  'falcon-mamba-7b': {
    config: {
      model_type: 'falcon_mamba',
      hidden_size: 4096,
      intermediate_size: 8192,
      num_hidden_layers: 64,
      time_step_rank: 256,
      vocab_size: 65_024,
      tie_word_embeddings: false,
    },
    parameters: 7273,
  },
  'Codestral-Mamba-7B': {
    config: { model_type: 'mamba2', hidden_size: 4096, num_hidden_layers: 64, vocab_size: 32_768 },
    parameters: 7285,
  },
  'Jamba-v0.1': {
    config: llama('jamba', 4096, 14_336, 32, [32, 8], 65_536, { mamba_dt_rank: 256 }),
    parameters: 51_570,
    active: 12_000,
  },
  'Bamba-9B': {
    config: llama('bamba', 4096, 14_336, 32, [32, 8], 128_256, {
      attn_layer_indices: [9, 18, 27],
      mamba_n_heads: 128,
      mamba_d_head: 64,
      mamba_d_state: 128,
    }),
    parameters: 9780,
  },
  'Falcon-H1-7B': {
    config: llama('falcon_h1', 3072, 12_288, 44, [12, 2], 130_048, {
      head_dim: 128,
      mamba_d_ssm: 3072,
      mamba_n_heads: 24,
      mamba_d_head: 128,
      mamba_d_state: 256,
    }),
    parameters: 7586,
  },
  'electra-base': {
    config: { architectures: ['ElectraModel'], model_type: 'electra' },
    parameters: 109.5,
  },
  'ModernBERT-base': {
    config: { architectures: ['ModernBertForMaskedLM'], model_type: 'modernbert' },
    parameters: 149.6,
  },
};
