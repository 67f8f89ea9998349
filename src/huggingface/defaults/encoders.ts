import type { Values } from '../config.ts';

const BERT = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  max_position_embeddings: 512,
  type_vocab_size: 2,
  vocab_size: 30_522,
};
const VIT = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  image_size: 224,
  patch_size: 16,
  num_channels: 3,
};

/** Encoders of text and images. */
export const ENCODERS: Readonly<Record<string, Values>> = {
  bert: BERT,
  roberta: { ...BERT, vocab_size: 50_265 },
  'xlm-roberta': BERT,
  camembert: BERT,
  electra: BERT,
  distilbert: {
    vocab_size: 30_522,
    max_position_embeddings: 512,
    n_layers: 6,
    n_heads: 12,
    dim: 768,
    hidden_dim: 3072,
    activation: 'gelu',
  },
  modernbert: {
    vocab_size: 50_368,
    hidden_size: 768,
    intermediate_size: 1152,
    num_hidden_layers: 22,
    num_attention_heads: 12,
    hidden_activation: 'gelu',
    max_position_embeddings: 8192,
    global_attn_every_n_layers: 3,
    local_attention: 128,
  },
  vit: VIT,
  vivit: {
    ...VIT,
    hidden_act: 'gelu_fast',
    patch_size: undefined,
    num_frames: 32,
    tubelet_size: [2, 16, 16],
  },
};
