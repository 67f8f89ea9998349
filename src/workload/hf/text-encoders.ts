import type { Config } from '../../huggingface/config.ts';
import { headSize, headsOf } from '../../huggingface/heads.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import type { EncoderStack, FixedGemm } from '../model.ts';
import { activationOf } from './activation.ts';
import { classes } from './encoders.ts';

/** BERT and RoBERTa; `offset` rows of the position table stand for padding (2 in RoBERTa). */
const bertOf =
  (offset: number) =>
  ({ config }: LanguageModel): [EncoderStack] => {
    if (config.flag('is_decoder', false)) throw config.refuse('BERT as a decoder', 'is_decoder');
    const hidden = config.size('hidden_size');
    if (config.sizeOr(hidden, 'embedding_size') !== hidden) {
      throw config.refuse('a factorised embedding', 'embedding_size');
    }
    const positions = config.size('max_position_embeddings');
    if (positions <= offset)
      throw config.invalid('max_position_embeddings', `more than ${offset}`, positions);
    const vocabulary = config.size('vocab_size');
    const sequence = positions - offset;
    const activation = activationOf(config, 'hidden_act').activation;
    const { extra, words } = headOf(config, { sequence, hidden, vocabulary, activation });
    return [
      {
        kind: 'encoder',
        sequence,
        followsContext: true,
        layers: [
          {
            count: config.layers('num_hidden_layers'),
            hidden,
            attention: [headsOf(config, hidden)],
            ffn: { hidden: config.size('intermediate_size'), gated: false, activation },
            norm: 'layernorm',
            norms: 2,
            normsAt: 'sum',
            rope: false,
            sequence,
            windows: 1,
          },
        ],
        extra,
        // BERT normalises its embeddings instead of its last layer's output: the same work.
        finalNorm: true,
        normFirst: true,
        tableParameters: (words + positions + config.sizeOr(2, 'type_vocab_size')) * hidden,
      },
    ];
  };

interface TextShape {
  sequence: number;
  hidden: number;
  vocabulary: number;
  activation: NonNullable<FixedGemm['activation']>;
}

/** Products behind the layers by the class in `architectures`, and rows of the word table beside them. */
function headOf(config: Config, shape: TextShape): { extra: FixedGemm[]; words: number } {
  const heads = (config.texts('architectures') ?? []).join(' ');
  if (/ForMaskedLM|ForPreTraining/.test(heads)) {
    // The head of a masked language model is the transposed word table: in the parameters once.
    return { extra: languageHead(shape), words: 0 };
  }
  // Without names there are as many labels as transformers takes: two.
  const labels = /ForSequenceClassification|ForTokenClassification/.test(heads)
    ? classes(config) || config.sizeOr(2, 'num_labels')
    : 0;
  // Labels of every token, or begin and end of an answer: no pooler.
  const each = /ForTokenClassification/.test(heads) ? labels : /ForQuestionAnswering/.test(heads) ? 2 : 0;
  if (each > 0) {
    const { sequence, hidden } = shape;
    return {
      extra: [{ name: 'classifier', group: 'output', m: sequence, k: hidden, n: each, perToken: true }],
      words: shape.vocabulary,
    };
  }
  return { extra: pooler(config, shape.hidden, labels), words: shape.vocabulary };
}

const languageHead = ({ sequence, hidden, vocabulary, activation }: TextShape): FixedGemm[] => [
  {
    name: 'head',
    group: 'output',
    m: sequence,
    k: hidden,
    n: hidden,
    activation,
    norm: hidden,
    perToken: true,
  },
  { name: 'logits', group: 'output', m: sequence, k: hidden, n: vocabulary, perToken: true },
];

function pooler(config: Config, hidden: number, labels: number): FixedGemm[] {
  config.notes.push('the tanh of the pooler (one value a hidden unit) is not counted');
  const first: FixedGemm = { name: 'pooler', group: 'output', m: 1, k: hidden, n: hidden };
  return labels > 0 ? [first, { name: 'classifier', group: 'output', m: 1, k: hidden, n: labels }] : [first];
}

export const bert = bertOf(0);
export const roberta = bertOf(2);

/** DistilBERT: half of BERT's layers under names of its own, no token types and no pooler. */
export function distilbert({ config }: LanguageModel): [EncoderStack] {
  const hidden = config.size('dim');
  const heads = config.size('n_heads');
  const sequence = config.size('max_position_embeddings');
  const vocabulary = config.size('vocab_size');
  const { activation } = activationOf(config, 'activation');
  const shape = { sequence, hidden, vocabulary, activation };
  const names = (config.texts('architectures') ?? []).join(' ');
  // Its classifier has a product in front of it; the bare model has no head at all.
  const { extra, words } =
    names === '' || /DistilBertModel/.test(names) ? { extra: [], words: vocabulary } : headOf(config, shape);
  return [
    {
      kind: 'encoder',
      sequence,
      followsContext: true,
      layers: [
        {
          count: config.layers('n_layers'),
          hidden,
          attention: [{ heads, kvHeads: heads, headDim: headSize(config, 'n_heads', hidden, heads) }],
          ffn: { hidden: config.size('hidden_dim'), gated: false, activation },
          norm: 'layernorm',
          norms: 2,
          normsAt: 'sum',
          rope: false,
          sequence,
          windows: 1,
        },
      ],
      extra,
      finalNorm: true,
      normFirst: true,
      tableParameters: (words + sequence) * hidden,
    },
  ];
}

/** ModernBERT: rotary positions, gated networks, and a window both ways in two of three layers. */
export function modernBert({ config }: LanguageModel): [EncoderStack] {
  const hidden = config.size('hidden_size');
  const attention = headsOf(config, hidden);
  const sequence = config.size('max_position_embeddings');
  const vocabulary = config.size('vocab_size');
  const act = activationOf(config, 'hidden_activation', 'hidden_act');
  const every = config.sizeOr(3, 'global_attn_every_n_layers');
  const window = config.sizeOr(128, 'local_attention');
  const names = (config.texts('architectures') ?? []).join(' ');
  const shape = { sequence, hidden, vocabulary, activation: act.activation };
  const masked = /ForMaskedLM/.test(names);
  const labels = /ForSequenceClassification/.test(names) ? classes(config) : 0;
  const classifier: FixedGemm[] =
    labels === 0 ? [] : [{ name: 'classifier', group: 'output', m: 1, k: hidden, n: labels }];
  return [
    {
      kind: 'encoder',
      sequence,
      followsContext: true,
      layers: Array.from({ length: config.layers('num_hidden_layers') }, (_, i) => ({
        count: 1,
        hidden,
        attention: [i % every === 0 ? attention : { ...attention, window: window + 1 }],
        ffn: { hidden: config.size('intermediate_size'), gated: true, ...act },
        norm: 'layernorm',
        norms: 2,
        normWeights: 1,
        rope: true,
        sequence,
        windows: 1,
      })),
      extra: masked ? languageHead(shape) : classifier,
      finalNorm: true,
      tableParameters: (masked ? 0 : vocabulary) * hidden,
    },
  ];
}
