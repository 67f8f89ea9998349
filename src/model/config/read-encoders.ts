import type { Config } from '../../huggingface/config.ts';
import type { LanguageModel } from '../../huggingface/language-model.ts';
import { clipPatches, imagePatches, labelsOf, type Patches } from '../../huggingface/vision.ts';
import { activation } from './activation.ts';
import type { BertConfig, Common, VitConfig } from './config.ts';
import { divides, unsupported } from './config-checks.ts';

function encoder(modelType: string, config: Config): Omit<Common, 'context'> {
  const [hidden, heads] = [config.size('hidden_size'), config.size('num_attention_heads')];
  divides(config.path, 'hidden_size', hidden, 'num_attention_heads', heads);
  return {
    modelType,
    hidden,
    layers: config.layers('num_hidden_layers'),
    heads,
    kvHeads: heads,
    headDim: hidden / heads,
    ffn: config.size('intermediate_size'),
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
  return {
    family: 'bert',
    ...encoder(type, config),
    context: rows - firstPosition,
    vocab: config.size('vocab_size'),
    types: config.size('type_vocab_size'),
    firstPosition,
  };
}

export const vit = ({ config }: LanguageModel): VitConfig => vitOf(config, 'vit', imagePatches(config));

export const vivit = ({ config }: LanguageModel): VitConfig => vitOf(config, 'vivit', clipPatches(config));

function vitOf(config: Config, modelType: string, { input, patch: given }: Patches): VitConfig {
  const [height, width] = input.slice(-2);
  if (height !== width) throw config.refuse('an image that is not square', 'image_size');
  const [frames, patchFrames] = input.length === 3 ? [input[0], given[0]] : [1, 1];
  const [patchHeight, patchWidth] = given.slice(-2);
  const patch = [patchFrames, patchHeight, patchWidth] as const;
  const labels = labelsOf(config);
  return {
    family: 'vit',
    ...encoder(modelType, config),
    context: (frames / patchFrames) * (height / patchHeight) * (width / patchWidth) + 1,
    image: height,
    frames,
    patch,
    channels: config.size('num_channels'),
    qkvBias: config.flag('qkv_bias', true),
    // transformers' own names and number of labels where the file lists none.
    labels: labels.length > 0 ? labels : ['LABEL_0', 'LABEL_1'],
  };
}
