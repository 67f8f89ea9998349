import type { PublicModel } from './card.ts';

/** Text encoders. */
export const ENCODERS: Readonly<Record<string, PublicModel>> = {
  'bert-base': {
    config: {
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      vocab_size: 30522,
      max_position_embeddings: 512,
      type_vocab_size: 2,
      hidden_act: 'gelu',
    },
    parameters: 109.5,
  },
  'roberta-base': {
    config: {
      model_type: 'roberta',
      architectures: ['RobertaForMaskedLM'],
      hidden_size: 768,
      num_hidden_layers: 12,
      num_attention_heads: 12,
      intermediate_size: 3072,
      vocab_size: 50265,
      max_position_embeddings: 514,
      type_vocab_size: 1,
      hidden_act: 'gelu',
    },
    parameters: 124.7,
  },
  'camembert-base': {
    config: {
      architectures: ['CamembertForMaskedLM'],
      model_type: 'camembert',
      vocab_size: 32_005,
      max_position_embeddings: 514,
      type_vocab_size: 1,
    },
    parameters: 110.6,
  },
  'distilbert-base': {
    config: { architectures: ['DistilBertModel'], model_type: 'distilbert' },
    parameters: 66.4,
  },
  'electra-base': {
    config: { architectures: ['ElectraModel'], model_type: 'electra' },
    parameters: 109.5,
  },
  'ModernBERT-base': {
    config: { architectures: ['ModernBertForMaskedLM'], model_type: 'modernbert' },
    parameters: 149.6,
  },
  'bge-m3': {
    config: {
      architectures: ['XLMRobertaModel'],
      model_type: 'xlm-roberta',
      hidden_size: 1024,
      intermediate_size: 4096,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      vocab_size: 250_002,
      max_position_embeddings: 8194,
      type_vocab_size: 1,
    },
    parameters: 568,
  },
};
