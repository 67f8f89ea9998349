import type { PublicModel } from './card.ts';
import { decoder, siluDecoder } from './shapes.ts';

const everyFourth = (count: number, most: string, fourth: string): string[] =>
  Array.from({ length: count }, (_, i) => ((i + 1) % 4 === 0 ? fourth : most));

/** Qwen, and models whose language model is one. */
export const QWEN: Readonly<Record<string, PublicModel>> = {
  'Qwen-7B': { config: decoder('qwen', 4096, 22_016, 32, [32, 32], 151_936), parameters: 7721 },
  'Qwen1.5-MoE-A2.7B': {
    config: siluDecoder('qwen2_moe', 2048, 5632, 24, [16, 16], 151_936, {
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
      num_experts: 60,
      num_experts_per_tok: 4,
      decoder_sparse_step: 1,
    }),
    parameters: 14316,
    active: 2689,
  },
  'Qwen2.5-0.5B': {
    config: siluDecoder('qwen2', 896, 4864, 24, [14, 2], 151_936, {
      tie_word_embeddings: true,
      use_sliding_window: false,
      sliding_window: 32768,
      max_window_layers: 24,
    }),
    parameters: 494,
  },
  'Qwen3-0.6B': {
    config: siluDecoder('qwen3', 1024, 3072, 28, [16, 8], 151_936, {
      head_dim: 128,
      tie_word_embeddings: true,
      use_sliding_window: false,
      sliding_window: null,
      max_window_layers: 28,
    }),
    parameters: 596,
  },
  'Qwen3-30B-A3B': {
    config: siluDecoder('qwen3_moe', 2048, 6144, 48, [32, 4], 151_936, {
      head_dim: 128,
      moe_intermediate_size: 768,
      num_experts: 128,
      num_experts_per_tok: 8,
      decoder_sparse_step: 1,
      mlp_only_layers: [],
    }),
    parameters: 30532,
    active: 3345,
  },
  'Qwen3-Next-80B-A3B': {
    config: siluDecoder('qwen3_next', 2048, 5120, 48, [16, 2], 151_936, {
      head_dim: 256,
      num_experts: 512,
      num_experts_per_tok: 10,
      moe_intermediate_size: 512,
      shared_expert_intermediate_size: 512,
      partial_rotary_factor: 0.25,
    }),
    parameters: 80_000,
  },
  'Qwen3.5-27B': {
    config: {
      model_type: 'qwen3_5',
      text_config: siluDecoder('qwen3_5_text', 5120, 17_408, 64, [24, 4], 248_320, {
        head_dim: 256,
        linear_num_key_heads: 16,
        linear_num_value_heads: 48,
        layer_types: everyFourth(64, 'linear_attention', 'full_attention'),
      }),
    },
    parameters: 27_000,
  },
  'Qwen3.5-122B-A10B': {
    config: {
      model_type: 'qwen3_5_moe',
      text_config: siluDecoder('qwen3_5_moe_text', 3072, 5120, 48, [32, 2], 248_320, {
        head_dim: 256,
        linear_num_key_heads: 16,
        linear_num_value_heads: 64,
        num_experts: 256,
        num_experts_per_tok: 8,
        moe_intermediate_size: 1024,
        shared_expert_intermediate_size: 1024,
      }),
    },
    parameters: 122_000,
  },
  'MiniCPM-V-2.6': {
    config: decoder('minicpmv', 3584, 18_944, 28, [28, 4], 151_666),
    summed: true,
    parameters: 7613,
  },
  'MiniCPM-o-2.6': {
    config: decoder('minicpmo', 3584, 18_944, 28, [28, 4], 151_700),
    summed: true,
    parameters: 7613,
  },
};
