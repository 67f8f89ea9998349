import type { PublicModel } from './card.ts';
import { siluDecoder } from './shapes.ts';

/** Mistral, Ministral and Mixtral. */
export const MISTRAL: Readonly<Record<string, PublicModel>> = {
  'Mistral-7B-v0.1': {
    config: siluDecoder('mistral', 4096, 14_336, 32, [32, 8], 32_000, { sliding_window: 4096 }),
    parameters: 7242,
  },
  'Mistral-Nemo-12B': {
    config: siluDecoder('mistral', 5120, 14_336, 40, [32, 8], 131_072, {
      head_dim: 128,
      sliding_window: null,
    }),
    parameters: 12248,
  },
  'Mixtral-8x7B': {
    config: siluDecoder('mixtral', 4096, 14_336, 32, [32, 8], 32_000, {
      sliding_window: null,
      num_local_experts: 8,
      num_experts_per_tok: 2,
    }),
    parameters: 46703,
    active: 12880,
  },
  'Ministral-3-3B': {
    config: siluDecoder('ministral3', 3072, 9216, 26, [32, 8], 131_072, {
      head_dim: 128,
      tie_word_embeddings: true,
    }),
    parameters: 3429,
  },
  'Ministral-8B-2410': {
    config: siluDecoder('ministral', 4096, 12_288, 36, [32, 8], 131_072, { head_dim: 128 }),
    parameters: 8020,
  },
};
