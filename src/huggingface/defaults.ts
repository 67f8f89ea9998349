import type { Values } from './config.ts';

/**
 * What transformers takes for a key that a config.json does not mention, by model type (facts of its configuration
 * classes, transformers 4.57 and 5.0). Files saved by transformers leave out whatever equals these values; files of
 * multi-modal models do so in their `text_config` most of all. Only what decides shapes stands here.
 */

interface Sizes {
  hidden: number;
  ffn: number;
  layers: number;
  heads: number;
  /** As many as there are heads when absent. */
  kv?: number;
  headDim?: number;
  vocabulary: number;
  positions: number;
}

/** Keys of Llama and its relatives. */
const like = (s: Sizes, more: Values = {}): Values => ({
  hidden_size: s.hidden,
  intermediate_size: s.ffn,
  num_hidden_layers: s.layers,
  num_attention_heads: s.heads,
  ...(s.kv === undefined ? {} : { num_key_value_heads: s.kv }),
  ...(s.headDim === undefined ? {} : { head_dim: s.headDim }),
  vocab_size: s.vocabulary,
  max_position_embeddings: s.positions,
  hidden_act: 'silu',
  tie_word_embeddings: false,
  ...more,
});

/** `gelu_pytorch_tanh` under Gemma's key; files of the first Gemma have `hidden_act` instead. */
const GEMMA = { hidden_act: undefined, hidden_activation: 'gelu_pytorch_tanh', tie_word_embeddings: true };

const LLAMA = { hidden: 4096, ffn: 11008, layers: 32, heads: 32, vocabulary: 32_000, positions: 2048 };
const MISTRAL = { ...LLAMA, ffn: 14_336, kv: 8, positions: 131_072 };
const QWEN = { ...LLAMA, ffn: 22_016, kv: 32, vocabulary: 151_936, positions: 32_768 };
/** `use_sliding_window` is false: the window of the files is not used. */
const QWEN_WINDOW = { use_sliding_window: false, sliding_window: 4096, max_window_layers: 28 };
const GEMMA_2 = {
  hidden: 2304,
  ffn: 9216,
  layers: 26,
  heads: 8,
  kv: 4,
  headDim: 256,
  vocabulary: 256_000,
  positions: 8192,
};
const OLMO = { ...LLAMA, vocabulary: 50_304 };
const DEEPSEEK = {
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
  n_shared_experts: 1,
  first_k_dense_replace: 3,
};
const BERT = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  vocab_size: 30_522,
};
const VIT = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  image_size: 224,
  patch_size: 16,
  num_channels: 3,
};

const GLM_4 = like(
  { ...LLAMA, ffn: 13_696, layers: 40, kv: 2, headDim: 128, vocabulary: 151_552, positions: 131_072 },
  { partial_rotary_factor: 0.5 },
);
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

export const DEFAULTS: Readonly<Record<string, Values>> = {
  llama: like(LLAMA),
  llama_bidirec: like(LLAMA),
  internlm: { hidden_act: 'silu', tie_word_embeddings: false },
  xverse: { hidden_act: 'silu', tie_word_embeddings: false },
  helium: like({
    hidden: 2560,
    ffn: 7040,
    layers: 24,
    heads: 20,
    headDim: 128,
    vocabulary: 48_000,
    positions: 4096,
  }),
  arcee: like(
    { hidden: 2560, ffn: 18_432, layers: 32, heads: 32, vocabulary: 32_000, positions: 4096 },
    { hidden_act: 'relu2' },
  ),
  bitnet: like(
    { hidden: 2560, ffn: 6912, layers: 30, heads: 20, kv: 5, vocabulary: 128_256, positions: 2048 },
    { hidden_act: 'relu2' },
  ),
  bailing_moe: { hidden_act: 'silu', tie_word_embeddings: false },
  bailing_moe_v2: { hidden_act: 'silu', tie_word_embeddings: false },
  hunyuan_v1_moe: { hidden_act: 'silu', tie_word_embeddings: false, moe_topk: 1, num_shared_expert: 1 },
  minicpmv: like(QWEN, QWEN_WINDOW),
  minicpmo: like(QWEN, QWEN_WINDOW),
  gpt_neo: {
    vocab_size: 50_257,
    max_position_embeddings: 2048,
    hidden_size: 2048,
    num_layers: 24,
    num_heads: 16,
    window_size: 256,
    activation_function: 'gelu_new',
    tie_word_embeddings: true,
  },
  mistral: like(MISTRAL, { sliding_window: 4096 }),
  ministral: like({ ...MISTRAL, positions: 32_768 }, { sliding_window: 4096 }),
  ministral3: like({ ...MISTRAL, layers: 34, headDim: 128, vocabulary: 131_072, positions: 262_144 }),
  mixtral: like(MISTRAL, { num_local_experts: 8, num_experts_per_tok: 2 }),
  qwen2: like(QWEN, QWEN_WINDOW),
  qwen3: like({ ...QWEN, headDim: 128 }, QWEN_WINDOW),
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
  qwen3_next: like(
    { ...QWEN, hidden: 2048, ffn: 5632, layers: 48, heads: 16, kv: 2, headDim: 256 },
    {
      linear_conv_kernel_dim: 4,
      linear_key_head_dim: 128,
      linear_value_head_dim: 128,
      linear_num_key_heads: 16,
      linear_num_value_heads: 32,
      num_experts: 512,
      num_experts_per_tok: 10,
      moe_intermediate_size: 512,
      shared_expert_intermediate_size: 512,
      decoder_sparse_step: 1,
      full_attention_interval: 4,
      partial_rotary_factor: 0.25,
    },
  ),
  qwen3_5: like(
    { ...QWEN, ffn: 12_288, heads: 16, kv: 4, headDim: 256, vocabulary: 248_320 },
    {
      linear_conv_kernel_dim: 4,
      linear_key_head_dim: 128,
      linear_value_head_dim: 128,
      linear_num_key_heads: 16,
      linear_num_value_heads: 32,
      full_attention_interval: 4,
      partial_rotary_factor: 0.25,
    },
  ),
  qwen3_5_moe: like(
    { ...QWEN, hidden: 2048, layers: 40, heads: 16, kv: 2, headDim: 256, vocabulary: 248_320 },
    {
      linear_conv_kernel_dim: 4,
      linear_key_head_dim: 128,
      linear_value_head_dim: 128,
      linear_num_key_heads: 16,
      linear_num_value_heads: 32,
      full_attention_interval: 4,
      partial_rotary_factor: 0.25,
      num_experts: 256,
      num_experts_per_tok: 8,
      moe_intermediate_size: 512,
      shared_expert_intermediate_size: 512,
    },
  ),
  gemma: like(
    {
      hidden: 3072,
      ffn: 24_576,
      layers: 28,
      heads: 16,
      kv: 16,
      headDim: 256,
      vocabulary: 256_000,
      positions: 8192,
    },
    GEMMA,
  ),
  gemma2: like(GEMMA_2, { ...GEMMA, sliding_window: 4096 }),
  gemma3_text: like(
    { ...GEMMA_2, vocabulary: 262_208, positions: 131_072 },
    { ...GEMMA, sliding_window: 4096, sliding_window_pattern: 6 },
  ),
  phi: {
    hidden_size: 2048,
    intermediate_size: 8192,
    num_hidden_layers: 24,
    num_attention_heads: 32,
    vocab_size: 51_200,
    max_position_embeddings: 2048,
    hidden_act: 'gelu_new',
    partial_rotary_factor: 0.5,
    tie_word_embeddings: false,
  },
  phi3: like({ ...LLAMA, hidden: 3072, ffn: 8192, vocabulary: 32_064, positions: 4096 }),
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
  olmo: like(OLMO),
  olmo2: like(OLMO),
  olmo3: like(OLMO, { sliding_window: 4096 }),
  olmoe: like(
    { ...OLMO, hidden: 2048, ffn: 2048, layers: 16, heads: 16, positions: 4096 },
    { num_experts: 64, num_experts_per_tok: 8 },
  ),
  granite: like(LLAMA),
  granitemoe: like(LLAMA, { num_local_experts: 8, num_experts_per_tok: 2 }),
  granitemoeshared: like(LLAMA, { num_local_experts: 8, num_experts_per_tok: 2 }),
  granitemoehybrid: like(LLAMA, {
    num_local_experts: 8,
    num_experts_per_tok: 2,
    shared_intermediate_size: 1024,
  }),
  smollm3: like(
    { hidden: 2048, ffn: 11_008, layers: 36, heads: 16, kv: 4, vocabulary: 128_256, positions: 32_768 },
    { no_rope_layer_interval: 4, tie_word_embeddings: true },
  ),
  exaone: { activation_function: 'silu', tie_word_embeddings: false },
  exaone4: { hidden_act: 'silu', tie_word_embeddings: false },
  hunyuan_v1_dense: { hidden_act: 'silu', tie_word_embeddings: false },
  minicpm3: { hidden_act: 'silu', tie_word_embeddings: false },
  deepseek: { hidden_act: 'silu', tie_word_embeddings: false },
  ernie4_5: { hidden_act: 'silu', tie_word_embeddings: true },
  ernie4_5_moe: { hidden_act: 'silu', tie_word_embeddings: true },
  bamba: { hidden_act: 'silu', tie_word_embeddings: false },
  falcon_h1: { hidden_act: 'silu', tie_word_embeddings: false },
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
  nemotron: { hidden_act: 'relu2', partial_rotary_factor: 0.5, tie_word_embeddings: false },
  electra: BERT,
  modernbert: {
    vocab_size: 50_368,
    hidden_size: 768,
    intermediate_size: 1152,
    num_hidden_layers: 22,
    num_attention_heads: 12,
    hidden_activation: 'gelu',
    max_position_embeddings: 8192,
    global_attn_every_n_layers: 3,
    local_attention: 128,
  },
  glm: like(
    { ...LLAMA, ffn: 13_696, layers: 40, kv: 2, headDim: 128, vocabulary: 151_552, positions: 131_072 },
    { partial_rotary_factor: 0.5 },
  ),
  glm4: GLM_4,
  glm4v_text: GLM_4,
  glm4_moe: GLM_4_MOE,
  glm4v_moe_text: GLM_4_MOE,
  glm4_moe_lite: { hidden_act: 'silu', tie_word_embeddings: false, first_k_dense_replace: 1 },
  cohere: like(
    { hidden: 8192, ffn: 22_528, layers: 40, heads: 64, vocabulary: 256_000, positions: 8192 },
    { tie_word_embeddings: true },
  ),
  cohere2: like(
    { hidden: 8192, ffn: 22_528, layers: 40, heads: 64, vocabulary: 256_000, positions: 8192 },
    { tie_word_embeddings: true, sliding_window: 4096, sliding_window_pattern: 4 },
  ),
  stablelm: like(
    { hidden: 2560, ffn: 6912, layers: 32, heads: 32, kv: 32, vocabulary: 50_304, positions: 4096 },
    { partial_rotary_factor: 0.25 },
  ),
  starcoder2: like(
    { hidden: 3072, ffn: 12_288, layers: 30, heads: 24, kv: 2, vocabulary: 49_152, positions: 4096 },
    { hidden_act: 'gelu_pytorch_tanh', tie_word_embeddings: true },
  ),
  deepseek_v2: like(
    { ...LLAMA, layers: 30, vocabulary: 102_400 },
    { ...DEEPSEEK, moe_intermediate_size: 1407, n_shared_experts: 2, first_k_dense_replace: 0 },
  ),
  deepseek_v3: like(
    { hidden: 7168, ffn: 18_432, layers: 61, heads: 128, kv: 128, vocabulary: 129_280, positions: 4096 },
    { ...DEEPSEEK, moe_intermediate_size: 2048, n_routed_experts: 256, num_experts_per_tok: 8 },
  ),
  deepseek_v32: like(
    { hidden: 7168, ffn: 18_432, layers: 61, heads: 128, kv: 128, vocabulary: 129_280, positions: 163_840 },
    { ...DEEPSEEK, moe_intermediate_size: 2048, n_routed_experts: 256, num_experts_per_tok: 8 },
  ),
  kimi_linear: { hidden_act: 'silu', tie_word_embeddings: false },
  minimax_m2: { hidden_act: 'silu', tie_word_embeddings: false },
  step3p7: { hidden_act: 'silu', tie_word_embeddings: false },
  step3p5: { hidden_act: 'silu', tie_word_embeddings: false },
  glm_moe_dsa: { hidden_act: 'silu', tie_word_embeddings: false },
  gemma4_text: { ...GEMMA, sliding_window: 512 },
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
  gpt2: {
    vocab_size: 50_257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    activation_function: 'gelu_new',
    tie_word_embeddings: true,
  },
  gptj: {
    vocab_size: 50_400,
    n_positions: 2048,
    n_embd: 4096,
    n_layer: 28,
    n_head: 16,
    rotary_dim: 64,
    activation_function: 'gelu_new',
    tie_word_embeddings: false,
  },
  gpt_neox: {
    vocab_size: 50_432,
    hidden_size: 6144,
    num_hidden_layers: 44,
    num_attention_heads: 64,
    intermediate_size: 24_576,
    hidden_act: 'gelu',
    rotary_pct: 0.25,
    max_position_embeddings: 2048,
    tie_word_embeddings: false,
  },
  gpt_bigcode: {
    vocab_size: 50_257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    activation_function: 'gelu_pytorch_tanh',
    multi_query: true,
    tie_word_embeddings: true,
  },
  opt: {
    vocab_size: 50_272,
    hidden_size: 768,
    num_hidden_layers: 12,
    ffn_dim: 3072,
    max_position_embeddings: 2048,
    num_attention_heads: 12,
    activation_function: 'relu',
    tie_word_embeddings: true,
  },
  bloom: { vocab_size: 250_880, hidden_size: 64, n_layer: 2, n_head: 8, tie_word_embeddings: true },
  mpt: {
    d_model: 2048,
    n_heads: 16,
    n_layers: 24,
    expansion_ratio: 4,
    max_seq_len: 2048,
    vocab_size: 50_368,
    tie_word_embeddings: true,
  },
  falcon: {
    vocab_size: 65_024,
    hidden_size: 4544,
    num_hidden_layers: 32,
    num_attention_heads: 71,
    new_decoder_architecture: false,
    multi_query: true,
    parallel_attn: true,
    max_position_embeddings: 2048,
    activation: 'gelu',
    tie_word_embeddings: true,
  },
  bert: BERT,
  roberta: { ...BERT, vocab_size: 50_265 },
  'xlm-roberta': BERT,
  camembert: BERT,
  codegen: {
    vocab_size: 50_400,
    n_positions: 2048,
    n_embd: 4096,
    n_layer: 28,
    n_head: 16,
    rotary_dim: 64,
    activation_function: 'gelu_new',
    tie_word_embeddings: false,
  },
  distilbert: {
    vocab_size: 30_522,
    max_position_embeddings: 512,
    n_layers: 6,
    n_heads: 12,
    dim: 768,
    hidden_dim: 3072,
    activation: 'gelu',
  },
  vit: VIT,
  vivit: {
    ...VIT,
    hidden_act: 'gelu_fast',
    patch_size: undefined,
    num_frames: 32,
    tubelet_size: [2, 16, 16],
  },
};
