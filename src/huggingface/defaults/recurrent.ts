import type { Values } from '../config.ts';
import { like, LLAMA, QWEN, SILU } from './like.ts';

/** Qwen's gated-delta layers, of which every fourth is one of attention instead. */
const GATED_DELTA = {
  linear_conv_kernel_dim: 4,
  linear_key_head_dim: 128,
  linear_value_head_dim: 128,
  linear_num_key_heads: 16,
  linear_num_value_heads: 32,
  full_attention_interval: 4,
  partial_rotary_factor: 0.25,
};

/** Decoders with recurrent layers: state spaces, linear and gated-delta attention. */
export const RECURRENT: Readonly<Record<string, Values>> = {
  qwen3_next: like(
    { ...QWEN, hidden: 2048, ffn: 5632, layers: 48, heads: 16, kv: 2, headDim: 256 },
    {
      ...GATED_DELTA,
      num_experts: 512,
      num_experts_per_tok: 10,
      moe_intermediate_size: 512,
      shared_expert_intermediate_size: 512,
      decoder_sparse_step: 1,
    },
  ),
  qwen3_5: like(
    { ...QWEN, ffn: 12_288, heads: 16, kv: 4, headDim: 256, vocabulary: 248_320 },
    {
      ...GATED_DELTA,
    },
  ),
  qwen3_5_moe: like(
    { ...QWEN, hidden: 2048, layers: 40, heads: 16, kv: 2, headDim: 256, vocabulary: 248_320 },
    {
      ...GATED_DELTA,
      num_experts: 256,
      num_experts_per_tok: 8,
      moe_intermediate_size: 512,
      shared_expert_intermediate_size: 512,
    },
  ),
  granitemoehybrid: like(LLAMA, {
    num_local_experts: 8,
    num_experts_per_tok: 2,
    shared_intermediate_size: 1024,
  }),
  bamba: SILU,
  falcon_h1: SILU,
  jamba: { hidden_act: 'silu', num_experts_per_tok: 2, num_experts: 16, tie_word_embeddings: false },
  mamba: { state_size: 16, conv_kernel: 4, expand: 2, tie_word_embeddings: true },
  falcon_mamba: { state_size: 16, conv_kernel: 4, expand: 2, tie_word_embeddings: true },
  mamba2: {
    state_size: 128,
    conv_kernel: 4,
    expand: 2,
    n_groups: 8,
    head_dim: 64,
    tie_word_embeddings: false,
  },
  kimi_linear: SILU,
};
