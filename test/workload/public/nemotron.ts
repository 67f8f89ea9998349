import type { PublicModel } from './card.ts';
import { decoder, siluDecoder } from './shapes.ts';

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

/** Nemotron, and what was searched or distilled from Llama for it. */
export const NEMOTRON: Readonly<Record<string, PublicModel>> = {
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
      ...siluDecoder('deci', 4096, 14_336, 32, [32, 32], 32_000),
      num_key_value_heads_per_layer: [
        4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 4, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 4,
      ],
    },
    parameters: 7040,
  },
  'llama-nemotron-embed-1b': {
    config: decoder('llama_bidirec', 2048, 8192, 16, [32, 8], 128_256, { head_dim: 64 }),
    summed: true,
    parameters: 1236,
  },
};
