import type { PublicModel } from './card.ts';
import { siluDecoder } from './shapes.ts';

/** OLMo. */
export const OLMO: Readonly<Record<string, PublicModel>> = {
  'OLMo-7B': {
    config: siluDecoder('olmo', 4096, 11_008, 32, [32, 32], 50_304),
    parameters: 6888,
  },
  'OLMo-2-7B': {
    config: siluDecoder('olmo2', 4096, 11_008, 32, [32, 32], 100_352),
    parameters: 7299,
  },
  'Olmo-3-7B': {
    config: siluDecoder('olmo3', 4096, 11_008, 32, [32, 32], 100_278, { sliding_window: 4096 }),
    parameters: 7298,
  },
  'OLMoE-1B-7B': {
    config: siluDecoder('olmoe', 2048, 1024, 16, [16, 16], 50_304, {
      num_experts: 64,
      num_experts_per_tok: 8,
    }),
    parameters: 6919,
    active: 1282,
  },
};
