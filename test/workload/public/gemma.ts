import type { PublicModel } from './card.ts';
import { decoder } from './shapes.ts';

/** Gemma. */
export const GEMMA: Readonly<Record<string, PublicModel>> = {
  'gemma-2b': {
    config: decoder('gemma', 2048, 16_384, 18, [8, 1], 256_000, { head_dim: 256, hidden_act: 'gelu' }),
    parameters: 2506,
  },
  'gemma-2-9b': {
    config: decoder('gemma2', 3584, 14_336, 42, [16, 8], 256_000, {
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      attn_logit_softcapping: 50,
      sliding_window: 4096,
    }),
    parameters: 9242,
  },
  'gemma-3-1b': {
    config: decoder('gemma3_text', 1152, 6912, 26, [4, 1], 262_144, {
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      sliding_window: 512,
      sliding_window_pattern: 6,
    }),
    parameters: 999.9,
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
};
