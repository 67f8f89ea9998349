/**
 * Shapes of public models as their config.json files state them (facts; files abridged to what is read), with the
 * parameter counts published on their model cards or in their papers, in millions.
 */
export interface PublicModel extends Card {
  config: Record<string, unknown>;
}

/** What is published of a model. */
export interface Card {
  /** In millions. */
  parameters: number;
  /** Parameters that one token passes through, where it is a mixture of experts; in millions. */
  active?: number;
  /** What the card counts and a workload leaves out: parameters in millions, worked out from its shapes. */
  beside?: { parameters: number; what: string };
  /** No card gives this part alone, or to three digits: `parameters` is the sum of the file's sizes. */
  summed?: true;
  /** Bytes of the KV cache a token, at 16 bits an element. */
  kvBytes?: number;
}

const sizes = (
  hidden_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  num_key_value_heads: number,
  intermediate_size: number,
  vocab_size: number,
) => ({
  hidden_size,
  num_hidden_layers,
  num_attention_heads,
  num_key_value_heads,
  intermediate_size,
  vocab_size,
  max_position_embeddings: 4096,
});

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [i, `label ${i}`]));

export const PUBLIC_MODELS: Record<string, PublicModel> = {
  'Llama-2-7b': {
    config: { model_type: 'llama', ...sizes(4096, 32, 32, 32, 11008, 32000), hidden_act: 'silu' },
    parameters: 6738,
  },
  'Llama-3.1-70B': {
    config: { model_type: 'llama', ...sizes(8192, 80, 64, 8, 28672, 128256), hidden_act: 'silu' },
    parameters: 70554,
  },
  'Llama-3.2-1B': {
    config: {
      model_type: 'llama',
      ...sizes(2048, 16, 32, 8, 8192, 128256),
      head_dim: 64,
      hidden_act: 'silu',
      tie_word_embeddings: true,
    },
    parameters: 1236,
  },
  'Mistral-7B-v0.1': {
    config: {
      model_type: 'mistral',
      ...sizes(4096, 32, 32, 8, 14336, 32000),
      hidden_act: 'silu',
      sliding_window: 4096,
    },
    parameters: 7242,
  },
  'Mistral-Nemo-12B': {
    config: {
      model_type: 'mistral',
      ...sizes(5120, 40, 32, 8, 14336, 131072),
      head_dim: 128,
      hidden_act: 'silu',
      sliding_window: null,
    },
    parameters: 12248,
  },
  'Mixtral-8x7B': {
    config: {
      model_type: 'mixtral',
      ...sizes(4096, 32, 32, 8, 14336, 32000),
      hidden_act: 'silu',
      sliding_window: null,
      num_local_experts: 8,
      num_experts_per_tok: 2,
    },
    parameters: 46703,
    active: 12880,
  },
  'Qwen2.5-0.5B': {
    config: {
      model_type: 'qwen2',
      ...sizes(896, 24, 14, 2, 4864, 151936),
      hidden_act: 'silu',
      tie_word_embeddings: true,
      use_sliding_window: false,
      sliding_window: 32768,
      max_window_layers: 24,
    },
    parameters: 494,
  },
  'Qwen3-0.6B': {
    config: {
      model_type: 'qwen3',
      ...sizes(1024, 28, 16, 8, 3072, 151936),
      head_dim: 128,
      hidden_act: 'silu',
      tie_word_embeddings: true,
      use_sliding_window: false,
      sliding_window: null,
      max_window_layers: 28,
    },
    parameters: 596,
  },
  'Qwen3-30B-A3B': {
    config: {
      model_type: 'qwen3_moe',
      ...sizes(2048, 48, 32, 4, 6144, 151936),
      head_dim: 128,
      hidden_act: 'silu',
      moe_intermediate_size: 768,
      num_experts: 128,
      num_experts_per_tok: 8,
      decoder_sparse_step: 1,
      mlp_only_layers: [],
    },
    parameters: 30532,
    active: 3345,
  },
  'Qwen1.5-MoE-A2.7B': {
    config: {
      model_type: 'qwen2_moe',
      ...sizes(2048, 24, 16, 16, 5632, 151936),
      hidden_act: 'silu',
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
      num_experts: 60,
      num_experts_per_tok: 4,
      decoder_sparse_step: 1,
    },
    parameters: 14316,
    active: 2689,
  },
  'gemma-2b': {
    config: {
      model_type: 'gemma',
      ...sizes(2048, 18, 8, 1, 16384, 256000),
      head_dim: 256,
      hidden_act: 'gelu',
    },
    parameters: 2506,
  },
  'gemma-2-9b': {
    config: {
      model_type: 'gemma2',
      ...sizes(3584, 42, 16, 8, 14336, 256000),
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      attn_logit_softcapping: 50,
      sliding_window: 4096,
    },
    parameters: 9242,
  },
  'gemma-3-1b': {
    config: {
      model_type: 'gemma3_text',
      ...sizes(1152, 26, 4, 1, 6912, 262144),
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      sliding_window: 512,
      sliding_window_pattern: 6,
    },
    parameters: 999.9,
  },
  'phi-2': {
    config: {
      model_type: 'phi',
      ...sizes(2560, 32, 32, 32, 10240, 51200),
      hidden_act: 'gelu_new',
      partial_rotary_factor: 0.4,
    },
    parameters: 2780,
  },
  'Phi-3-mini': {
    config: {
      model_type: 'phi3',
      ...sizes(3072, 32, 32, 32, 8192, 32064),
      hidden_act: 'silu',
      sliding_window: 2047,
    },
    parameters: 3821,
  },
  gpt2: {
    config: {
      model_type: 'gpt2',
      n_embd: 768,
      n_layer: 12,
      n_head: 12,
      n_inner: null,
      n_positions: 1024,
      n_ctx: 1024,
      vocab_size: 50257,
      activation_function: 'gelu_new',
    },
    parameters: 124.4,
  },
  'gpt-neox-20b': {
    config: {
      model_type: 'gpt_neox',
      hidden_size: 6144,
      num_hidden_layers: 44,
      num_attention_heads: 64,
      intermediate_size: 24576,
      vocab_size: 50432,
      max_position_embeddings: 2048,
      rotary_pct: 0.25,
      hidden_act: 'gelu_fast',
      tie_word_embeddings: false,
    },
    parameters: 20554,
  },
  'opt-125m': {
    config: {
      model_type: 'opt',
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      ffn_dim: 3072,
      vocab_size: 50272,
      max_position_embeddings: 2048,
      word_embed_proj_dim: 768,
      activation_function: 'relu',
    },
    parameters: 125.2,
  },
  'opt-350m': {
    config: {
      model_type: 'opt',
      hidden_size: 1024,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      ffn_dim: 4096,
      vocab_size: 50272,
      max_position_embeddings: 2048,
      word_embed_proj_dim: 512,
      activation_function: 'relu',
    },
    parameters: 331.2,
  },
  'falcon-7b': {
    config: {
      model_type: 'falcon',
      hidden_size: 4544,
      num_hidden_layers: 32,
      num_attention_heads: 71,
      vocab_size: 65024,
      multi_query: true,
      new_decoder_architecture: false,
      parallel_attn: true,
      alibi: false,
    },
    parameters: 6922,
  },
  'OLMo-2-7B': {
    config: { model_type: 'olmo2', ...sizes(4096, 32, 32, 32, 11008, 100352), hidden_act: 'silu' },
    parameters: 7299,
  },
  'OLMoE-1B-7B': {
    config: {
      model_type: 'olmoe',
      ...sizes(2048, 16, 16, 16, 1024, 50304),
      hidden_act: 'silu',
      num_experts: 64,
      num_experts_per_tok: 8,
    },
    parameters: 6919,
    active: 1282,
  },
  'gpt-oss-20b': {
    config: {
      model_type: 'gpt_oss',
      ...sizes(2880, 24, 64, 8, 2880, 201088),
      head_dim: 64,
      hidden_act: 'silu',
      sliding_window: 128,
      layer_types: Array.from({ length: 24 }, (_, i) =>
        i % 2 === 0 ? 'sliding_attention' : 'full_attention',
      ),
      num_local_experts: 32,
      num_experts_per_tok: 4,
      quantization_config: { quant_method: 'mxfp4' },
    },
    parameters: 20915,
  },
  'bert-base': {
    config: {
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      vocab_size: 30522,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      hidden_act: 'gelu',
    },
    parameters: 109.5,
  },
  'roberta-base': {
    config: {
      model_type: 'roberta',
      architectures: ['RobertaForMaskedLM'],
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      vocab_size: 50265,
      max_position_embeddings: 514,
      type_vocab_size: 1,
      hidden_act: 'gelu',
    },
    parameters: 124.7,
  },
  'vit-base-patch16-224': {
    config: {
      model_type: 'vit',
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      image_size: 224,
      patch_size: 16,
      num_channels: 3,
      hidden_act: 'gelu',
      id2label: labels(1000),
    },
    parameters: 86.6,
  },
  'vivit-b-16x2': {
    config: {
      model_type: 'vivit',
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      image_size: 224,
      num_frames: 32,
      tubelet_size: [2, 16, 16],
      num_channels: 3,
      hidden_act: 'gelu_fast',
      id2label: labels(400),
    },
    parameters: 89,
  },
  'swin-tiny-patch4-window7-224': {
    config: {
      model_type: 'swin',
      embed_dim: 96,
      depths: [2, 2, 6, 2],
      num_heads: [3, 6, 12, 24],
      window_size: 7,
      mlp_ratio: 4,
      image_size: 224,
      patch_size: 4,
      hidden_act: 'gelu',
      id2label: labels(1000),
    },
    parameters: 28.3,
  },
  'swinv2-tiny-patch4-window8-256': {
    config: {
      model_type: 'swinv2',
      embed_dim: 96,
      depths: [2, 2, 6, 2],
      num_heads: [3, 6, 12, 24],
      window_size: 8,
      mlp_ratio: 4,
      image_size: 256,
      patch_size: 4,
      hidden_act: 'gelu',
      id2label: labels(1000),
    },
    parameters: 28.4,
  },
  'whisper-large-v3': {
    config: {
      model_type: 'whisper',
      d_model: 1280,
      encoder_layers: 32,
      encoder_attention_heads: 20,
      encoder_ffn_dim: 5120,
      decoder_layers: 32,
      decoder_attention_heads: 20,
      decoder_ffn_dim: 5120,
      num_mel_bins: 128,
      max_source_positions: 1500,
      max_target_positions: 448,
      vocab_size: 51866,
      activation_function: 'gelu',
    },
    parameters: 1543,
  },
};
