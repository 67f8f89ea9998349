import type { PublicModel } from './public-models.ts';

/**
 * Further public models, one a family at least: shapes as their config.json files state them (facts, abridged to
 * what is read), parameters in millions as published on their model cards or in their reports.
 */

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
  hidden_act: 'silu',
  ...more,
});

const everyFourth = (count: number, most: string, fourth: string): string[] =>
  Array.from({ length: count }, (_, i) => ((i + 1) % 4 === 0 ? fourth : most));

const firstThen = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i < first ? 0 : 1));

const mla = {
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
};

/** Runs of equal blocks of Llama 3.3 Nemotron Super: how many, whether they attend, and the width of their networks. */
const NEMOTRON_SUPER: readonly (readonly [count: number, attention: boolean, ffn: number])[] = [
  [1, true, 2.625],
  [5, true, 5.25],
  [2, false, 2.625],
  [3, true, 5.25],
  [1, false, 3.28125],
  [30, true, 5.25],
  [1, false, 1.3125],
  [2, false, 2.625],
  [1, false, 1.3125],
  [1, false, 5.25],
  [1, false, 1.3125],
  [1, false, 2.625],
  [3, false, 1.3125],
  [1, true, 5.25],
  [1, false, 1.3125],
  [2, false, 1],
  [1, false, 1.3125],
  [3, false, 1],
  [2, false, 1.3125],
  [2, false, 0.5],
  [2, false, 1],
  [2, false, 0.5],
  [1, false, 1],
  [2, false, 0.5],
  [9, true, 5.25],
];

export const PUBLIC_FAMILIES: Record<string, PublicModel> = {
  'Ministral-3-3B': {
    config: llama('ministral3', 3072, 9216, 26, [32, 8], 131_072, {
      head_dim: 128,
      tie_word_embeddings: true,
    }),
    parameters: 3429,
  },
  'Ministral-8B-2410': {
    config: llama('ministral', 4096, 12_288, 36, [32, 8], 131_072, { head_dim: 128 }),
    parameters: 8020,
  },
  'Llama-4-Scout': {
    config: {
      model_type: 'llama4',
      text_config: llama('llama4_text', 5120, 8192, 48, [40, 8], 202_048, {
        head_dim: 128,
        intermediate_size_mlp: 16_384,
        num_local_experts: 16,
        num_experts_per_tok: 1,
        attention_chunk_size: 8192,
        interleave_moe_layer_step: 1,
      }),
    },
    // 34 layers of 1408 with networks of 5632, their patches, and three matrices to the language model.
    beside: { parameters: 871, what: 'the vision encoder' },
    parameters: 109_000,
    active: 17_170,
  },
  'Qwen3-Next-80B-A3B': {
    config: llama('qwen3_next', 2048, 5120, 48, [16, 2], 151_936, {
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
      text_config: llama('qwen3_5_text', 5120, 17_408, 64, [24, 4], 248_320, {
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
      text_config: llama('qwen3_5_moe_text', 3072, 5120, 48, [32, 2], 248_320, {
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
  'gemma-4-31B': {
    config: {
      model_type: 'gemma4',
      text_config: {
        model_type: 'gemma4_text',
        hidden_size: 5376,
        intermediate_size: 21_504,
        num_hidden_layers: 60,
        num_attention_heads: 32,
        num_key_value_heads: 16,
        num_global_key_value_heads: 4,
        head_dim: 256,
        global_head_dim: 512,
        attention_k_eq_v: true,
        sliding_window: 1024,
        vocab_size: 262_144,
        max_position_embeddings: 262_144,
        layer_types: Array.from({ length: 60 }, (_, i) =>
          (i + 1) % 6 === 0 ? 'full_attention' : 'sliding_attention',
        ),
      },
    },
    parameters: 30_700,
  },
  'Phi-3.5-MoE': {
    config: llama('phimoe', 4096, 6400, 32, [32, 8], 32_064, {
      num_local_experts: 16,
      num_experts_per_tok: 2,
    }),
    parameters: 41_873,
    active: 6600,
  },
  'gpt-j-6b': {
    config: { model_type: 'gptj', n_embd: 4096, n_head: 16, n_layer: 28, rotary_dim: 64, vocab_size: 50_400 },
    parameters: 6050,
  },
  'codegen-16B': {
    config: {
      model_type: 'codegen',
      n_embd: 6144,
      n_head: 24,
      n_layer: 34,
      rotary_dim: 64,
      vocab_size: 51_200,
      n_positions: 2048,
    },
    parameters: 16_032,
  },
  'starcoder-15.5B': {
    config: {
      model_type: 'gpt_bigcode',
      n_embd: 6144,
      n_head: 48,
      n_inner: 24_576,
      n_layer: 40,
      n_positions: 8192,
      vocab_size: 49_152,
    },
    parameters: 15_517,
  },
  'starcoder2-15b': {
    config: llama('starcoder2', 6144, 24_576, 40, [48, 4], 49_152, {
      hidden_act: 'gelu_pytorch_tanh',
      sliding_window: 4096,
      tie_word_embeddings: false,
    }),
    parameters: 15_958,
  },
  'bloom-7b1': {
    config: {
      model_type: 'bloom',
      n_embed: 4096,
      n_head: 32,
      n_layer: 30,
      vocab_size: 250_880,
      seq_length: 2048,
    },
    parameters: 7069,
  },
  'mpt-7b': {
    config: {
      model_type: 'mpt',
      d_model: 4096,
      n_heads: 32,
      n_layers: 32,
      vocab_size: 50_432,
      attn_config: { alibi: true, attn_type: 'multihead_attention' },
    },
    parameters: 6649,
  },
  'DeepSeek-V2-Lite': {
    config: llama('deepseek_v2', 2048, 10_944, 27, [16, 16], 102_400, {
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
    config: llama('deepseek_v3', 7168, 18_432, 61, [128, 128], 129_280, {
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
  'Kimi-K2': {
    config: llama('kimi_k2', 7168, 18_432, 61, [64, 64], 163_840, {
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
  'DeepSeek-V3.2': {
    config: llama('deepseek_v32', 7168, 18_432, 61, [128, 128], 129_280, {
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
  'GLM-5': {
    config: llama('glm_moe_dsa', 6144, 12_288, 78, [64, 64], 154_880, {
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
  'glm-4-9b': {
    config: llama('glm', 4096, 13_696, 40, [32, 2], 151_552, { head_dim: 128 }),
    parameters: 9400,
  },
  'GLM-4-32B-0414': {
    config: llama('glm4', 6144, 23_040, 61, [48, 2], 151_552, { head_dim: 128 }),
    parameters: 32_566,
  },
  'GLM-4.5': {
    config: llama('glm4_moe', 5120, 12_288, 92, [96, 8], 151_552, {
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
    config: llama('glm4_moe', 4096, 10_944, 46, [96, 8], 151_552, {
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
  'dots.llm1': {
    config: llama('dots1', 4096, 10_944, 62, [32, 32], 152_064, {
      head_dim: 128,
      n_routed_experts: 128,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    }),
    parameters: 142_774,
  },
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
  'Kimi-Linear-48B-A3B': {
    config: llama('kimi_linear', 2304, 9216, 27, [32, 32], 163_840, {
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
  'MiniMax-Text-01': {
    config: llama('minimax_text_01', 6144, 9216, 80, [64, 8], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      num_local_experts: 32,
      num_experts_per_tok: 2,
      attn_type_list: Array.from({ length: 80 }, (_, i) => ((i + 1) % 8 === 0 ? 1 : 0)),
    }),
    parameters: 456_000,
    // The report's 45.9 B leave both embeddings out.
    active: 48_400,
  },
  'MiniMax-M1': {
    config: llama('minimax_m1', 6144, 9216, 80, [64, 8], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      num_local_experts: 32,
      num_experts_per_tok: 2,
      attn_type_list: Array.from({ length: 80 }, (_, i) => ((i + 1) % 8 === 0 ? 1 : 0)),
    }),
    parameters: 456_000,
    // The report's 45.9 B leave both embeddings out.
    active: 48_400,
  },
  'MiniMax-M1-hf': {
    config: llama('minimax', 6144, 9216, 80, [64, 8], 200_064, {
      head_dim: 128,
      num_local_experts: 32,
      num_experts_per_tok: 2,
      layer_types: Array.from({ length: 80 }, (_, i) =>
        (i + 1) % 8 === 0 ? 'full_attention' : 'linear_attention',
      ),
    }),
    parameters: 456_000,
    // The report's 45.9 B leave both embeddings out.
    active: 48_400,
  },
  'MiniMax-M2': {
    config: llama('minimax_m2', 3072, 1536, 62, [48, 8], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      num_local_experts: 256,
      num_experts_per_tok: 8,
    }),
    parameters: 228_700,
  },
  'MiniMax-M3': {
    config: llama('minimax_m3', 6144, 3072, 60, [64, 4], 200_064, {
      head_dim: 128,
      rotary_dim: 64,
      hidden_act: 'swigluoai',
      dense_intermediate_size: 12_288,
      shared_intermediate_size: 3072,
      num_local_experts: 128,
      num_experts_per_tok: 4,
      n_shared_experts: 1,
      qk_norm_type: 'per_head',
      moe_layer_freq: firstThen(3, 60),
      sparse_attention_config: {
        sparse_attention_freq: firstThen(3, 60),
        sparse_index_dim: 128,
        sparse_num_index_heads: 4,
        sparse_topk_blocks: 16,
        sparse_block_size: 128,
      },
    }),
    summed: true,
    parameters: 426_200,
  },
  'MiMo-V2-Flash': {
    config: llama('mimo_v2_flash', 4096, 16_384, 48, [64, 4], 152_576, {
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
  'Step-3.5-Flash': {
    config: llama('step3p5', 4096, 11_264, 45, [64, 8], 128_896, {
      head_dim: 128,
      sliding_window: 512,
      layer_types: Array.from({ length: 45 }, (_, i) =>
        i % 4 === 0 ? 'full_attention' : 'sliding_attention',
      ),
      first_k_dense_replace: 3,
      num_experts: 288,
      num_experts_per_tok: 8,
      moe_intermediate_size: 1280,
      share_expert_dim: 1280,
    }),
    parameters: 196_000,
  },
  'Step-3.7-Flash': {
    config: llama('step3p7', 4096, 11_264, 45, [64, 8], 128_896, {
      head_dim: 128,
      sliding_window: 512,
      layer_types: Array.from({ length: 45 }, (_, i) =>
        i % 4 === 0 ? 'full_attention' : 'sliding_attention',
      ),
      first_k_dense_replace: 3,
      num_experts: 288,
      num_experts_per_tok: 8,
      moe_intermediate_size: 1280,
      share_expert_dim: 1280,
    }),
    // Of the language model; the vision encoder has 1.8 billion more.
    parameters: 196_000,
  },
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
  'OLMo-7B': {
    config: llama('olmo', 4096, 11_008, 32, [32, 32], 50_304),
    parameters: 6888,
  },
  'Olmo-3-7B': {
    config: llama('olmo3', 4096, 11_008, 32, [32, 32], 100_278, { sliding_window: 4096 }),
    parameters: 7298,
  },
  'granite-3.3-8b': {
    config: llama('granite', 4096, 12_800, 40, [32, 8], 49_159, { tie_word_embeddings: true }),
    parameters: 8171,
  },
  'granite-3.1-3b-a800m': {
    config: llama('granitemoe', 1536, 512, 32, [24, 8], 49_155, {
      num_local_experts: 40,
      num_experts_per_tok: 8,
      tie_word_embeddings: true,
    }),
    parameters: 3300,
  },
  'granite-moe-shared': {
    config: llama('granitemoeshared', 1536, 512, 40, [12, 4], 49_160, {
      num_local_experts: 62,
      num_experts_per_tok: 6,
      shared_intermediate_size: 1024,
      tie_word_embeddings: true,
    }),
    // Its files hold 25.49 GB of FP32.
    parameters: 6372,
  },
  'granite-4.0-h-tiny': {
    config: llama('granitemoehybrid', 1536, 512, 40, [12, 4], 100_352, {
      num_local_experts: 64,
      num_experts_per_tok: 6,
      shared_intermediate_size: 1024,
      mamba_n_heads: 48,
      mamba_d_head: 64,
      mamba_d_state: 128,
      mamba_n_groups: 1,
      mamba_expand: 2,
      mamba_d_conv: 4,
      tie_word_embeddings: true,
      layer_types: Array.from({ length: 40 }, (_, i) =>
        [5, 15, 25, 35].includes(i) ? 'attention' : 'mamba',
      ),
    }),
    parameters: 6939,
  },
  'Minitron-8B': {
    config: {
      model_type: 'nemotron',
      hidden_size: 4096,
      intermediate_size: 16_384,
      num_hidden_layers: 32,
      num_attention_heads: 48,
      num_key_value_heads: 8,
      head_dim: 128,
      vocab_size: 256_000,
      max_position_embeddings: 4096,
      hidden_act: 'relu2',
      partial_rotary_factor: 0.5,
    },
    parameters: 8272,
  },
  'Nemotron-3-Nano': {
    config: {
      model_type: 'nemotron_h',
      hidden_size: 2688,
      num_hidden_layers: 52,
      hybrid_override_pattern: 'MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME',
      num_attention_heads: 32,
      num_key_value_heads: 2,
      head_dim: 128,
      mamba_num_heads: 64,
      mamba_head_dim: 64,
      n_groups: 8,
      ssm_state_size: 128,
      conv_kernel: 4,
      mlp_hidden_act: 'relu2',
      n_routed_experts: 128,
      n_shared_experts: 1,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1856,
      moe_shared_expert_intermediate_size: 3712,
      vocab_size: 131_072,
      max_position_embeddings: 262_144,
      tie_word_embeddings: false,
    },
    parameters: 31_578,
    active: 3580,
  },
  'Llama-3.3-Nemotron-Super-49B': {
    config: {
      model_type: 'nemotron-nas',
      hidden_size: 8192,
      num_attention_heads: 64,
      num_hidden_layers: 80,
      hidden_act: 'silu',
      vocab_size: 128_256,
      max_position_embeddings: 131_072,
      block_configs: NEMOTRON_SUPER.flatMap(([count, attention, ffn_mult]) =>
        Array.from({ length: count }, () => ({
          attention: { n_heads_in_group: attention ? 8 : null, no_op: !attention },
          ffn: { ffn_mult, no_op: false },
        })),
      ),
    },
    parameters: 49_900,
  },
  'DeciLM-7B': {
    config: {
      ...llama('deci', 4096, 14_336, 32, [32, 32], 32_000),
      num_key_value_heads_per_layer: [
        4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4,
      ],
    },
    parameters: 7040,
  },
  'c4ai-command-r': {
    config: llama('cohere', 8192, 22_528, 40, [64, 64], 256_000),
    parameters: 34_981,
  },
  'c4ai-command-r7b': {
    config: llama('cohere2', 4096, 14_336, 32, [32, 8], 256_000, { sliding_window: 4096 }),
    parameters: 8028,
  },
  'stablelm-2-12b': {
    config: llama('stablelm', 5120, 13_824, 40, [32, 8], 100_352, {
      partial_rotary_factor: 0.25,
      qk_layernorm: true,
      use_parallel_residual: true,
    }),
    parameters: 12_143,
  },
  'bge-m3': {
    config: {
      architectures: ['XLMRobertaModel'],
      model_type: 'xlm-roberta',
      hidden_size: 1024,
      intermediate_size: 4096,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      vocab_size: 250_002,
      max_position_embeddings: 8194,
      type_vocab_size: 1,
    },
    parameters: 568,
  },
  'camembert-base': {
    config: {
      architectures: ['CamembertForMaskedLM'],
      model_type: 'camembert',
      vocab_size: 32_005,
      max_position_embeddings: 514,
      type_vocab_size: 1,
    },
    parameters: 110.6,
  },
  'distilbert-base': {
    config: { architectures: ['DistilBertModel'], model_type: 'distilbert' },
    parameters: 66.4,
  },
};
