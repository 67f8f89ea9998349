import type { PublicModel } from './card.ts';
import { decoder, mla, siluDecoder } from './shapes.ts';

/** DeepSeek, and models of latent attention or of its experts. */
export const DEEPSEEK: Readonly<Record<string, PublicModel>> = {
  'deepseek-moe-16b': {
    config: decoder('deepseek', 2048, 10_944, 28, [16, 16], 102_400, {
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    parameters: 16_376,
    active: 2800,
  },
  'DeepSeek-V2-Lite': {
    config: siluDecoder('deepseek_v2', 2048, 10_944, 27, [16, 16], 102_400, {
      ...mla,
      q_lora_rank: null,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    parameters: 15_706,
  },
  'DeepSeek-V3': {
    config: siluDecoder('deepseek_v3', 7168, 18_432, 61, [128, 128], 129_280, {
      ...mla,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 3,
    }),
    parameters: 671_026,
    active: 37_500,
    // Zhao et al. 2025, Insights into DeepSeek-V3, Table 1: 70.272 KB.
    kvBytes: 70_272,
  },
  'DeepSeek-V3.2': {
    config: siluDecoder('deepseek_v32', 7168, 18_432, 61, [128, 128], 129_280, {
      ...mla,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 3,
      index_topk: 2048,
      index_n_heads: 64,
      index_head_dim: 128,
    }),
    // One layer more (11.3 of experts, 0.2 of attention), its projection, and tables of its own (1.9).
    beside: { parameters: 13_477, what: 'the layer that predicts a token ahead' },
    parameters: 685_000,
  },
  'DeepSeek-OCR': {
    config: {
      model_type: 'deepseek_vl_v2',
      language_config: decoder('deepseek_v2', 1280, 6848, 12, [10, 10], 129_280, {
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
  'Kimi-K2': {
    config: siluDecoder('kimi_k2', 7168, 18_432, 61, [64, 64], 163_840, {
      ...mla,
      n_routed_experts: 384,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 1,
    }),
    parameters: 1_026_408,
    active: 32_860,
  },
  'Kimi-Linear-48B-A3B': {
    config: siluDecoder('kimi_linear', 2304, 9216, 27, [32, 32], 163_840, {
      ...mla,
      q_lora_rank: null,
      num_experts: 256,
      num_experts_per_token: 8,
      num_shared_experts: 1,
      moe_intermediate_size: 1024,
      first_k_dense_replace: 1,
      mla_use_nope: true,
      linear_attn_config: {
        full_attn_layers: [4, 8, 12, 16, 20, 24, 27],
        num_heads: 32,
        head_dim: 128,
        short_conv_kernel_size: 4,
      },
    }),
    parameters: 49_100,
  },
  'MiniCPM3-4B': {
    config: decoder('minicpm3', 2560, 6400, 62, [40, 40], 73_448, {
      q_lora_rank: 768,
      kv_lora_rank: 256,
      qk_nope_head_dim: 64,
      qk_rope_head_dim: 32,
      tie_word_embeddings: true,
    }),
    parameters: 4074,
  },
  'dots.llm1': {
    config: siluDecoder('dots1', 4096, 10_944, 62, [32, 32], 152_064, {
      head_dim: 128,
      n_routed_experts: 128,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    parameters: 142_774,
  },
};
