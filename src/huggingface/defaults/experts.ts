import type { Values } from '../config.ts';
import { like, LLAMA, MISTRAL, OLMO, QWEN, QWEN_WINDOW, SILU } from './like.ts';

const DEEPSEEK = {
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  n_shared_experts: 1,
  first_k_dense_replace: 3,
};
const DEEPSEEK_3 = {
  hidden: 7168,
  ffn: 18_432,
  layers: 61,
  heads: 128,
  kv: 128,
  vocabulary: 129_280,
  positions: 4096,
};
const DEEPSEEK_3_EXPERTS = {
  ...DEEPSEEK,
  moe_intermediate_size: 2048,
  n_routed_experts: 256,
  num_experts_per_tok: 8,
};
const GLM_4_MOE = like(
  { hidden: 4096, ffn: 10_944, layers: 46, heads: 96, kv: 8, vocabulary: 151_552, positions: 131_072 },
  {
    moe_intermediate_size: 1408,
    n_routed_experts: 128,
    n_shared_experts: 1,
    num_experts_per_tok: 8,
    first_k_dense_replace: 1,
    partial_rotary_factor: 0.5,
  },
);

/** Decoders with experts. */
export const EXPERTS: Readonly<Record<string, Values>> = {
  mixtral: like(MISTRAL, { num_local_experts: 8, num_experts_per_tok: 2 }),
  qwen2_moe: like(
    { ...QWEN, hidden: 2048, ffn: 5632, layers: 24, heads: 16, kv: 16 },
    {
      ...QWEN_WINDOW,
      num_experts: 60,
      num_experts_per_tok: 4,
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
      decoder_sparse_step: 1,
    },
  ),
  qwen3_moe: like(
    { ...QWEN, hidden: 2048, ffn: 6144, layers: 24, kv: 4 },
    {
      ...QWEN_WINDOW,
      num_experts: 128,
      num_experts_per_tok: 8,
      moe_intermediate_size: 768,
      decoder_sparse_step: 1,
    },
  ),
  phimoe: like(
    { ...LLAMA, ffn: 6400, kv: 8, vocabulary: 32_064, positions: 131_072 },
    { num_local_experts: 16, num_experts_per_tok: 2, hidden_act: 'silu' },
  ),
  gpt_oss: like(
    {
      hidden: 2880,
      ffn: 2880,
      layers: 36,
      heads: 64,
      kv: 8,
      headDim: 64,
      vocabulary: 201_088,
      positions: 131_072,
    },
    { sliding_window: 128, num_local_experts: 128, num_experts_per_tok: 4 },
  ),
  olmoe: like(
    { ...OLMO, hidden: 2048, ffn: 2048, layers: 16, heads: 16, positions: 4096 },
    { num_experts: 64, num_experts_per_tok: 8 },
  ),
  granitemoe: like(LLAMA, { num_local_experts: 8, num_experts_per_tok: 2 }),
  granitemoeshared: like(LLAMA, { num_local_experts: 8, num_experts_per_tok: 2 }),
  ernie4_5_moe: { hidden_act: 'silu', tie_word_embeddings: true },
  glm4_moe: GLM_4_MOE,
  glm4v_moe_text: GLM_4_MOE,
  glm4_moe_lite: { hidden_act: 'silu', tie_word_embeddings: false, first_k_dense_replace: 1 },
  bailing_moe: SILU,
  bailing_moe_v2: SILU,
  hunyuan_v1_moe: { hidden_act: 'silu', tie_word_embeddings: false, moe_topk: 1, num_shared_expert: 1 },
  deepseek: SILU,
  deepseek_v2: like(
    { ...LLAMA, layers: 30, vocabulary: 102_400 },
    { ...DEEPSEEK, moe_intermediate_size: 1407, n_shared_experts: 2, first_k_dense_replace: 0 },
  ),
  deepseek_v3: like(DEEPSEEK_3, DEEPSEEK_3_EXPERTS),
  deepseek_v32: like({ ...DEEPSEEK_3, positions: 163_840 }, DEEPSEEK_3_EXPERTS),
  glm_moe_dsa: SILU,
  minimax_m2: SILU,
  step3p7: SILU,
  step3p5: SILU,
  llama4_text: like(
    {
      hidden: 5120,
      ffn: 8192,
      layers: 48,
      heads: 40,
      kv: 8,
      headDim: 128,
      vocabulary: 202_048,
      positions: 131_072,
    },
    {
      intermediate_size_mlp: 16_384,
      num_local_experts: 16,
      num_experts_per_tok: 1,
      interleave_moe_layer_step: 1,
      attention_chunk_size: 8192,
      use_qk_norm: true,
    },
  ),
};
