import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import { clipSizes, imageSizes, labelsOf, type VitSizes } from '../../huggingface/vision.ts';
import { activation } from './activation.ts';
import type { BertConfig, Common, VitConfig } from './config.ts';
import { divides, unsupported } from './config-checks.ts';

type Sizes = Pick<VitSizes, 'hidden' | 'layers' | 'heads' | 'ffn'>;

function encoder(modelType: string, config: Config, sizes: Sizes): Omit<Common, 'context'> {
  const { hidden, layers, heads, ffn } = sizes;
  return {
    modelType,
    hidden,
    layers,
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    ffn,
    activation: activation(config, 'hidden_act'),
    epsilon: config.number('layer_norm_eps', 1e-12),
  };
}

export function bert({ config, type }: LanguageModel, firstPosition: number): BertConfig {
  const positions = config.text('position_embedding_type') ?? 'absolute';
  if (positions !== 'absolute') {
    throw unsupported(config.path, 'position_embedding_type', positions, 'absolute');
  }
  const rows = config.size('max_position_embeddings');
  if (rows <= firstPosition) {
    throw config.invalid('max_position_embeddings', `more than ${firstPosition}`, rows);
  }
  const [hidden, heads] = [config.size('hidden_size'), config.size('num_attention_heads')];
  divides(config.path, 'hidden_size', hidden, 'num_attention_heads', heads);
  const [layers, ffn] = [config.layers('num_hidden_layers'), config.size('intermediate_size')];
  return {
    family: 'bert',
    ...encoder(type, config, { hidden, layers, heads, ffn }),
    context: rows - firstPosition,
    vocab: config.size('vocab_size'),
    types: config.size('type_vocab_size'),
    firstPosition,
  };
}

export const vit = ({ config }: LanguageModel): VitConfig => vitOf(config, 'vit', imageSizes(config));

export const vivit = ({ config }: LanguageModel): VitConfig => vitOf(config, 'vivit', clipSizes(config));

function vitOf(config: Config, modelType: string, sizes: VitSizes): VitConfig {
  const { input, patch: given } = sizes;
  const [height, width] = input.slice(-2);
  if (height !== width) throw config.refuse('an image that is not square', 'image_size');
  const [frames, patchFrames] = input.length === 3 ? [input[0], given[0]] : [1, 1];
  const [patchHeight, patchWidth] = given.slice(-2);
  const patch = [patchFrames, patchHeight, patchWidth] as const;
  return {
    family: 'vit',
    ...encoder(modelType, config, sizes),
    context: (frames / patchFrames) * (height / patchHeight) * (width / patchWidth) + 1,
    image: height,
    frames,
    patch,
    channels: sizes.channels,
    qkvBias: config.flag('qkv_bias', true),
    labels: labelsOf(config),
  };
}
