import type { PublicModel } from './card.ts';

const labels = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [i, `label ${i}`]));

/** Models of images, video and speech. */
export const VISION_SPEECH: Readonly<Record<string, PublicModel>> = {
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
