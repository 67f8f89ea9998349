import type { PublicModel } from './card.ts';
import { decoder, siluDecoder } from './shapes.ts';

/** Llama and the decoders that follow it layer by layer. */
export const LLAMA: Readonly<Record<string, PublicModel>> = {
  'Llama-2-7b': {
    config: siluDecoder('llama', 4096, 11_008, 32, [32, 32], 32_000, { max_position_embeddings: 4096 }),
    parameters: 6738,
  },
  'Llama-3.1-70B': {
    config: siluDecoder('llama', 8192, 28_672, 80, [64, 8], 128_256),
    parameters: 70554,
  },
  'Llama-3.2-1B': {
    config: siluDecoder('llama', 2048, 8192, 16, [32, 8], 128_256, {
      head_dim: 64,
      tie_word_embeddings: true,
    }),
    parameters: 1236,
  },
  'Llama-4-Scout': {
    config: {
      model_type: 'llama4',
      text_config: siluDecoder('llama4_text', 5120, 8192, 48, [40, 8], 202_048, {
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
  'SmolLM3-3B': { config: decoder('smollm3', 2048, 11_008, 36, [16, 4], 128_256), parameters: 3075 },
  'internlm-7b': {
    config: decoder('internlm', 4096, 11_008, 32, [32, 32], 103_168),
    summed: true,
    parameters: 7321,
  },
  'XVERSE-13B': {
    config: decoder('xverse', 5120, 13_824, 40, [40, 40], 100_278),
    summed: true,
    parameters: 13_715,
  },
  'helium-1-preview-2b': {
    config: decoder('helium', 2560, 7040, 24, [20, 20], 48_000, { head_dim: 128 }),
    summed: true,
    parameters: 2173,
  },
  'AFM-4.5B': {
    config: decoder('arcee', 2560, 18_432, 36, [20, 4], 128_004, { head_dim: 128 }),
    summed: true,
    parameters: 4619,
  },
  'bitnet-b1.58-2B-4T': {
    config: decoder('bitnet', 2560, 6912, 30, [20, 5], 128_256, {
      tie_word_embeddings: true,
      quantization_config: { quant_method: 'bitnet' },
    }),
    summed: true,
    parameters: 2413,
  },
  'EXAONE-3.5-7.8B': {
    config: {
      model_type: 'exaone',
      hidden_size: 4096,
      intermediate_size: 14_336,
      num_layers: 32,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 102_400,
      max_position_embeddings: 32_768,
    },
    parameters: 7818,
  },
  'EXAONE-4.0-32B': {
    config: decoder('exaone4', 5120, 27_392, 64, [40, 8], 102_400, {
      head_dim: 128,
      sliding_window: 4096,
      sliding_window_pattern: 'LLLG',
    }),
    parameters: 32_003,
  },
  'stablelm-2-12b': {
    config: siluDecoder('stablelm', 5120, 13_824, 40, [32, 8], 100_352, {
      partial_rotary_factor: 0.25,
      qk_layernorm: true,
      use_parallel_residual: true,
    }),
    parameters: 12_143,
  },
  'c4ai-command-r': {
    config: siluDecoder('cohere', 8192, 22_528, 40, [64, 64], 256_000),
    parameters: 34_981,
  },
  'c4ai-command-r7b': {
    config: siluDecoder('cohere2', 4096, 14_336, 32, [32, 8], 256_000, { sliding_window: 4096 }),
    parameters: 8028,
  },
};
