import type { PublicModel } from './card.ts';
import { decoder, siluDecoder } from './shapes.ts';

/** Phi. */
export const PHI: Readonly<Record<string, PublicModel>> = {
  'phi-2': {
    config: decoder('phi', 2560, 10_240, 32, [32, 32], 51_200, {
      hidden_act: 'gelu_new',
      partial_rotary_factor: 0.4,
    }),
    parameters: 2780,
  },
  'Phi-3-mini': {
    config: siluDecoder('phi3', 3072, 8192, 32, [32, 32], 32_064, { sliding_window: 2047 }),
    parameters: 3821,
  },
  'Phi-3.5-MoE': {
    config: siluDecoder('phimoe', 4096, 6400, 32, [32, 8], 32_064, {
      num_local_experts: 16,
      num_experts_per_tok: 2,
    }),
    parameters: 41_873,
    active: 6600,
  },
};
