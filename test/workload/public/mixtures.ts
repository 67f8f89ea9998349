import type { PublicModel } from './card.ts';
import { decoder, firstThen, siluDecoder } from './shapes.ts';

/** Step 3.5 and 3.7 Flash, whose language models have the same shapes. */
const step = (model_type: string): Record<string, unknown> =>
  siluDecoder(model_type, 4096, 11_264, 45, [64, 8], 128_896, {
    head_dim: 128,
    sliding_window: 512,
    layer_types: Array.from({ length: 45 }, (_, i) => (i % 4 === 0 ? 'full_attention' : 'sliding_attention')),
    first_k_dense_replace: 3,
    num_experts: 288,
    num_experts_per_tok: 8,
    moe_intermediate_size: 1280,
    share_expert_dim: 1280,
  });

/** Hunyuan, ERNIE, Ling and mixtures of experts that are one of their kind. */
export const MIXTURES: Readonly<Record<string, PublicModel>> = {
  'Hunyuan-7B': {
    config: decoder('hunyuan_v1_dense', 4096, 14_336, 32, [32, 8], 128_256, { tie_word_embeddings: true }),
    parameters: 7505,
  },
  'Hunyuan-A13B': {
    config: decoder('hunyuan_v1_moe', 4096, 3072, 32, [32, 8], 128_167, {
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
  'ERNIE-4.5-0.3B': {
    config: decoder('ernie4_5', 1024, 3072, 18, [16, 2], 103_424, { head_dim: 128 }),
    parameters: 360.7,
  },
  'ERNIE-4.5-21B-A3B': {
    config: decoder('ernie4_5_moe', 2560, 12_288, 28, [20, 4], 103_424, {
      moe_num_experts: 64,
      moe_k: 6,
      moe_num_shared_experts: 2,
      moe_intermediate_size: 1536,
      moe_layer_start_index: 1,
    }),
    parameters: 21_825,
  },
  'Ling-lite': {
    config: decoder('bailing_moe', 2048, 5632, 28, [16, 4], 126_464, {
      num_experts: 64,
      num_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
    }),
    parameters: 16_800,
    active: 2750,
  },
  'Ling-mini-2.0': {
    config: decoder('bailing_moe_v2', 2048, 5120, 20, [16, 4], 157_184, {
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
  'MiMo-V2-Flash': {
    config: siluDecoder('mimo_v2_flash', 4096, 16_384, 48, [64, 4], 152_576, {
      head_dim: 192,
      v_head_dim: 128,
      swa_num_key_value_heads: 8,
      sliding_window: 128,
      hybrid_layer_pattern: Array.from({ length: 48 }, (_, i) => (i === 0 || (i + 1) % 6 === 0 ? 0 : 1)),
      moe_layer_freq: firstThen(1, 48),
      n_routed_experts: 256,
      num_experts_per_tok: 8,
      moe_intermediate_size: 2048,
    }),
    parameters: 309_000,
  },
  'Step-3.5-Flash': { config: step('step3p5'), parameters: 196_000 },
  // Of the language model; the vision encoder has 1.8 billion more.
  'Step-3.7-Flash': { config: step('step3p7'), parameters: 196_000 },
  dbrx: {
    config: {
      model_type: 'dbrx',
      d_model: 6144,
      n_heads: 48,
      n_layers: 40,
      max_seq_len: 32_768,
      vocab_size: 100_352,
      attn_config: { kv_n_heads: 8, clip_qkv: 8 },
      ffn_config: { ffn_hidden_size: 10_752, moe_num_experts: 16, moe_top_k: 4 },
    },
    parameters: 131_597,
    active: 36_470,
  },
};
