import type { DecoderStack, EncoderStack, FixedGemm } from '../model.ts';
import { SWIN_NOTES, swinStack } from '../shapes/swin.ts';
import { vitStack } from '../shapes/vit.ts';
import { whisperStacks } from '../shapes/whisper.ts';
import { attentionOf, headSize } from './attention.ts';
import type { Config } from './config.ts';

/** Outputs of the classifier: the labels that the file lists; none without a list. */
function classes(config: Config): number {
  const labels = config.object('id2label');
  return labels === undefined ? 0 : Object.keys(labels.values).length;
}

/** [height, width], given as a number or as a list of two. */
function plane(config: Config, key: string): [number, number] {
  if (!Array.isArray(config.values[key])) {
    const side = config.size(key);
    return [side, side];
  }
  const [height, width, ...rest] = config.sizes(key);
  if (width === undefined || rest.length > 0) {
    throw config.invalid(key, 'a number, or [height, width]', config.values[key]);
  }
  return [height!, width];
}

function vitOf(config: Config, input: number[], patch: number[], key: string): [EncoderStack] {
  const uneven = input.findIndex((size, axis) => size % patch[axis] !== 0);
  if (uneven >= 0) throw config.invalid(key, `divisors of the input ${input.join(' × ')}`, patch);
  const hidden = config.size('hidden_size');
  const { heads } = attentionOf(config, hidden);
  headSize(config, 'num_attention_heads', hidden, heads);
  return [
    vitStack({
      layers: config.layers('num_hidden_layers'),
      hidden,
      heads,
      ffn: config.size('intermediate_size'),
      activation: config.activation(['hidden_act']),
      input,
      patch,
      channels: config.sizeOr(3, 'num_channels'),
      classes: classes(config),
    }),
  ];
}

export const vit = (config: Config): [EncoderStack] =>
  vitOf(config, plane(config, 'image_size'), plane(config, 'patch_size'), 'patch_size');

export function vivit(config: Config): [EncoderStack] {
  const tubelet = config.sizes('tubelet_size');
  if (tubelet.length !== 3) throw config.invalid('tubelet_size', '[frames, height, width]', tubelet);
  const input = [config.size('num_frames'), ...plane(config, 'image_size')];
  return vitOf(config, input, tubelet, 'tubelet_size');
}

const swinOf =
  (version: 1 | 2) =>
  (config: Config): [EncoderStack] => {
    const [image, imageWidth] = plane(config, 'image_size');
    if (image !== imageWidth) throw config.refuse('an image that is not square', 'image_size');
    const [patch, patchWidth] = plane(config, 'patch_size');
    if (patch !== patchWidth) throw config.refuse('a patch that is not square', 'patch_size');
    const [depths, heads] = [config.sizes('depths'), config.sizes('num_heads')];
    if (depths.length > 8) throw config.invalid('depths', 'at most 8 stages', depths);
    if (heads.length !== depths.length) {
      throw config.invalid('num_heads', `${depths.length} entries, one a stage`, heads);
    }
    const embed = config.size('embed_dim');
    heads.forEach((count, stage) => headSize(config, 'num_heads', embed * 2 ** stage, count));
    config.notes.push(...SWIN_NOTES[version]);
    return [
      swinStack({
        version,
        image,
        patch,
        channels: config.sizeOr(3, 'num_channels'),
        embed,
        depths,
        heads,
        window: config.size('window_size'),
        mlpRatio: config.number('mlp_ratio', 4, 1000),
        activation: config.activation(['hidden_act']),
        classes: classes(config),
      }),
    ];
  };

export const swin = swinOf(1);
export const swinV2 = swinOf(2);

/** BERT and RoBERTa; `offset` rows of the position table stand for padding (2 in RoBERTa). */
const bertOf =
  (offset: number) =>
  (config: Config): [EncoderStack] => {
    if (config.flag('is_decoder', false)) throw config.refuse('BERT as a decoder', 'is_decoder');
    if (config.has('embedding_size') && config.size('embedding_size') !== config.size('hidden_size')) {
      throw config.refuse('a factorised embedding', 'embedding_size');
    }
    const hidden = config.size('hidden_size');
    const positions = config.size('max_position_embeddings');
    if (positions <= offset)
      throw config.invalid('max_position_embeddings', `more than ${offset}`, positions);
    const vocabulary = config.size('vocab_size');
    const sequence = positions - offset;
    const activation = config.activation(['hidden_act']);
    const heads = (config.texts('architectures') ?? []).join(' ');
    const languageModel = /ForMaskedLM|ForPreTraining/.test(heads);
    const head = languageModel
      ? languageHead(sequence, hidden, vocabulary, activation)
      : pooler(config, hidden, /ForSequenceClassification/.test(heads) ? classes(config) : 0);
    // The head of a masked language model is the transposed word table: in the parameters once.
    const words = languageModel ? 0 : vocabulary;
    return [
      {
        kind: 'encoder',
        sequence,
        followsContext: true,
        layers: [
          {
            count: config.layers('num_hidden_layers'),
            hidden,
            attention: [attentionOf(config, hidden)],
            ffn: { hidden: config.size('intermediate_size'), gated: false, activation },
            norm: 'layernorm',
            norms: 2,
            rope: false,
            sequence,
            windows: 1,
          },
        ],
        extra: head,
        // BERT normalises its embeddings instead of its last layer's output: the same work.
        finalNorm: true,
        tableParameters: (words + positions + config.sizeOr(2, 'type_vocab_size')) * hidden,
      },
    ];
  };

const languageHead = (
  sequence: number,
  hidden: number,
  vocabulary: number,
  activation: NonNullable<FixedGemm['activation']>,
): FixedGemm[] => [
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

export function whisper(config: Config): [EncoderStack, DecoderStack] {
  const hidden = config.size('d_model');
  const half = (name: 'encoder' | 'decoder') => {
    const heads = config.size(`${name}_attention_heads`);
    headSize(config, `${name}_attention_heads`, hidden, heads);
    return { layers: config.layers(`${name}_layers`), heads, ffn: config.size(`${name}_ffn_dim`) };
  };
  return whisperStacks({
    hidden,
    encoder: half('encoder'),
    decoder: half('decoder'),
    activation: config.activation(['activation_function']),
    melBins: config.size('num_mel_bins'),
    sourcePositions: config.size('max_source_positions'),
    targetPositions: config.size('max_target_positions'),
    vocabulary: config.size('vocab_size'),
  });
}
