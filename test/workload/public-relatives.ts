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
  'GLM-4.1V-9B': {
    config: {
      model_type: 'glm4v',
      text_config: llama('glm4v_text', 4096, 13_696, 40, [32, 2], 151_552, { head_dim: 128 }),
    },
    summed: true,
    parameters: 9400,
  },
  'GLM-4.5V': {
    config: {
      model_type: 'glm4v_moe',
      text_config: llama('glm4v_moe_text', 4096, 10_944, 46, [96, 8], 151_552, {
        head_dim: 128,
        n_routed_experts: 128,
        n_shared_experts: 1,
        num_experts_per_tok: 8,
        moe_intermediate_size: 1408,
        first_k_dense_replace: 1,
      }),
    },
    summed: true,
    parameters: 106_852,
  },
  'GLM-4.7-Flash': {
    config: llama('glm4_moe_lite', 2048, 10_240, 47, [20, 20], 154_880, {
      q_lora_rank: 768,
      kv_lora_rank: 512,
      qk_nope_head_dim: 192,
      qk_rope_head_dim: 64,
      v_head_dim: 256,
      n_routed_experts: 64,
      n_shared_experts: 1,
      num_experts_per_tok: 4,
      moe_intermediate_size: 1536,
      first_k_dense_replace: 1,
    }),
    summed: true,
    parameters: 29_943,
  },
  'Ling-lite': {
    config: llama('bailing_moe', 2048, 5632, 28, [16, 4], 126_464, {
      num_experts: 64,
      num_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
    }),
    parameters: 16_800,
    active: 2750,
  },
  'Ling-mini-2.0': {
    config: llama('bailing_moe_v2', 2048, 5120, 20, [16, 4], 157_184, {
      head_dim: 128,
      num_experts: 256,
      num_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 512,
      first_k_dense_replace: 1,
    }),
    summed: true,
    parameters: 16_256,
  },
  'Hunyuan-A13B': {
    config: llama('hunyuan_v1_moe', 4096, 3072, 32, [32, 8], 128_167, {
      head_dim: 128,
      num_experts: 64,
      moe_topk: Array.from({ length: 32 }, () => 8),
      num_shared_expert: Array.from({ length: 32 }, () => 1),
      moe_intermediate_size: Array.from({ length: 32 }, () => 3072),
      use_qk_norm: true,
      tie_word_embeddings: true,
    }),
    parameters: 80_000,
    active: 13_000,
  },
  'DeepSeek-OCR': {
    config: {
      model_type: 'deepseek_vl_v2',
      language_config: llama('deepseek_v2', 1280, 6848, 12, [10, 10], 129_280, {
        use_mla: false,
        q_lora_rank: null,
        kv_lora_rank: null,
        qk_nope_head_dim: 0,
        qk_rope_head_dim: 0,
        v_head_dim: 0,
        n_routed_experts: 64,
        n_shared_experts: 2,
        num_experts_per_tok: 6,
        moe_intermediate_size: 896,
        first_k_dense_replace: 1,
      }),
    },
    summed: true,
    parameters: 2934,
  },
  'bitnet-b1.58-2B-4T': {
    config: llama('bitnet', 2560, 6912, 30, [20, 5], 128_256, {
      tie_word_embeddings: true,
      quantization_config: { quant_method: 'bitnet' },
    }),
    summed: true,
    parameters: 2413,
  },
  'AFM-4.5B': {
    config: llama('arcee', 2560, 18_432, 36, [20, 4], 128_004, { head_dim: 128 }),
    summed: true,
    parameters: 4619,
  },
  'internlm-7b': {
    config: llama('internlm', 4096, 11_008, 32, [32, 32], 103_168),
    summed: true,
    parameters: 7321,
  },
  'XVERSE-13B': {
    config: llama('xverse', 5120, 13_824, 40, [40, 40], 100_278),
    summed: true,
    parameters: 13_715,
  },
  'helium-1-preview-2b': {
    config: llama('helium', 2560, 7040, 24, [20, 20], 48_000, { head_dim: 128 }),
    summed: true,
    parameters: 2173,
  },
  'MiniCPM-V-2.6': {
    config: llama('minicpmv', 3584, 18_944, 28, [28, 4], 151_666),
    summed: true,
    parameters: 7613,
  },
  'MiniCPM-o-2.6': {
    config: llama('minicpmo', 3584, 18_944, 28, [28, 4], 151_700),
    summed: true,
    parameters: 7613,
  },
  'gpt-neo-1.3B': { config: { model_type: 'gpt_neo' }, parameters: 1316 },
  'llama-nemotron-embed-1b': {
    config: llama('llama_bidirec', 2048, 8192, 16, [32, 8], 128_256, { head_dim: 64 }),
    summed: true,
    parameters: 1236,
  },
};
