import type { PublicModel } from './card.ts';
import { decoder, mla, siluDecoder } from './shapes.ts';

/** GLM. */
export const GLM: Readonly<Record<string, PublicModel>> = {
  'chatglm3-6b': {
    config: {
      model_type: 'chatglm',
      hidden_size: 4096,
      num_layers: 28,
      num_attention_heads: 32,
      multi_query_attention: true,
      multi_query_group_num: 2,
      kv_channels: 128,
      ffn_hidden_size: 13_696,
      padded_vocab_size: 65_024,
      seq_length: 8192,
    },
    parameters: 6243,
  },
  'glm-4-9b': {
    config: siluDecoder('glm', 4096, 13_696, 40, [32, 2], 151_552, { head_dim: 128 }),
    parameters: 9400,
  },
  'GLM-4-32B-0414': {
    config: siluDecoder('glm4', 6144, 23_040, 61, [48, 2], 151_552, { head_dim: 128 }),
    parameters: 32_566,
  },
  'GLM-4.1V-9B': {
    config: {
      model_type: 'glm4v',
      text_config: decoder('glm4v_text', 4096, 13_696, 40, [32, 2], 151_552, { head_dim: 128 }),
    },
    summed: true,
    parameters: 9400,
  },
  'GLM-4.5': {
    config: siluDecoder('glm4_moe', 5120, 12_288, 92, [96, 8], 151_552, {
      head_dim: 128,
      n_routed_experts: 160,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 1536,
      first_k_dense_replace: 3,
      use_qk_norm: true,
    }),
    // The report counts one layer more (3.80 of experts, 0.14 of attention, 0.05 of projection), and neither table (1.55).
    beside: { parameters: 2437, what: 'the layer that predicts a token ahead, less both tables of words' },
    parameters: 355_000,
    active: 33_552,
  },
  'GLM-4.5-Air': {
    config: siluDecoder('glm4_moe', 4096, 10_944, 46, [96, 8], 151_552, {
      head_dim: 128,
      n_routed_experts: 128,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    // One layer more (2.2 of experts, 0.1 of attention), its projection, and tables of its own (1.2).
    beside: { parameters: 3617, what: 'the layer that predicts a token ahead' },
    parameters: 110_000,
  },
  'GLM-4.5V': {
    config: {
      model_type: 'glm4v_moe',
      text_config: decoder('glm4v_moe_text', 4096, 10_944, 46, [96, 8], 151_552, {
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
    config: decoder('glm4_moe_lite', 2048, 10_240, 47, [20, 20], 154_880, {
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
  'GLM-5': {
    config: siluDecoder('glm_moe_dsa', 6144, 12_288, 78, [64, 64], 154_880, {
      ...mla,
      q_lora_rank: 2048,
      qk_nope_head_dim: 192,
      v_head_dim: 256,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
      first_k_dense_replace: 3,
      index_topk: 2048,
      index_n_heads: 32,
      index_head_dim: 128,
    }),
    parameters: 744_000,
  },
};
