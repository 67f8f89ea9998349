import type { PublicModel } from './card.ts';
import { decoder } from './shapes.ts';

/** State-space models, and hybrids of them and attention. */
export const STATE_SPACE: Readonly<Record<string, PublicModel>> = {
  'mamba-2.8b': {
    config: { model_type: 'mamba', hidden_size: 2560, num_hidden_layers: 64, vocab_size: 50_280 },
    parameters: 2768,
  },
  'falcon-mamba-7b': {
    config: {
      model_type: 'falcon_mamba',
      hidden_size: 4096,
      intermediate_size: 8192,
      num_hidden_layers: 64,
      time_step_rank: 256,
      vocab_size: 65_024,
      tie_word_embeddings: false,
    },
    parameters: 7273,
  },
  'Codestral-Mamba-7B': {
    config: { model_type: 'mamba2', hidden_size: 4096, num_hidden_layers: 64, vocab_size: 32_768 },
    parameters: 7285,
  },
  'Jamba-v0.1': {
    config: decoder('jamba', 4096, 14_336, 32, [32, 8], 65_536, { mamba_dt_rank: 256 }),
    parameters: 51_570,
    active: 12_000,
  },
  'Bamba-9B': {
    config: decoder('bamba', 4096, 14_336, 32, [32, 8], 128_256, {
      attn_layer_indices: [9, 18, 27],
      mamba_n_heads: 128,
      mamba_d_head: 64,
      mamba_d_state: 128,
    }),
    parameters: 9780,
  },
  'Falcon-H1-7B': {
    config: decoder('falcon_h1', 3072, 12_288, 44, [12, 2], 130_048, {
      head_dim: 128,
      mamba_d_ssm: 3072,
      mamba_n_heads: 24,
      mamba_d_head: 128,
      mamba_d_state: 256,
    }),
    parameters: 7586,
  },
};
