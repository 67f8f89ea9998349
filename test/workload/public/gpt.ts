import type { PublicModel } from './card.ts';
import { siluDecoder } from './shapes.ts';

/** GPT-2 and the decoders of its time; gpt-oss. */
export const GPT: Readonly<Record<string, PublicModel>> = {
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
  'gpt-neo-1.3B': { config: { model_type: 'gpt_neo' }, parameters: 1316 },
  'gpt-j-6b': {
    config: { model_type: 'gptj', n_embd: 4096, n_head: 16, n_layer: 28, rotary_dim: 64, vocab_size: 50_400 },
    parameters: 6050,
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
    config: siluDecoder('starcoder2', 6144, 24_576, 40, [48, 4], 49_152, {
      hidden_act: 'gelu_pytorch_tanh',
      sliding_window: 4096,
      tie_word_embeddings: false,
    }),
    parameters: 15_958,
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
  'gpt-oss-20b': {
    config: siluDecoder('gpt_oss', 2880, 2880, 24, [64, 8], 201_088, {
      head_dim: 64,
      sliding_window: 128,
      layer_types: Array.from({ length: 24 }, (_, i) =>
        i % 2 === 0 ? 'sliding_attention' : 'full_attention',
      ),
      num_local_experts: 32,
      num_experts_per_tok: 4,
      quantization_config: { quant_method: 'mxfp4' },
    }),
    parameters: 20915,
  },
};
