import type { PublicModel } from './card.ts';
import { siluDecoder } from './shapes.ts';

/** Granite. */
export const GRANITE: Readonly<Record<string, PublicModel>> = {
  'granite-3.3-8b': {
    config: siluDecoder('granite', 4096, 12_800, 40, [32, 8], 49_159, { tie_word_embeddings: true }),
    parameters: 8171,
  },
  'granite-3.1-3b-a800m': {
    config: siluDecoder('granitemoe', 1536, 512, 32, [24, 8], 49_155, {
      num_local_experts: 40,
      num_experts_per_tok: 8,
      tie_word_embeddings: true,
    }),
    parameters: 3300,
  },
  'granite-moe-shared': {
    config: siluDecoder('granitemoeshared', 1536, 512, 40, [12, 4], 49_160, {
      num_local_experts: 62,
      num_experts_per_tok: 6,
      shared_intermediate_size: 1024,
      tie_word_embeddings: true,
    }),
    // Its files hold 25.49 GB of FP32.
    parameters: 6372,
  },
  'granite-4.0-h-tiny': {
    config: siluDecoder('granitemoehybrid', 1536, 512, 40, [12, 4], 100_352, {
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
};
