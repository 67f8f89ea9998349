import type { LanguageModel } from '../../huggingface/language-model.ts';
import { swinSizes, swinStages } from '../../huggingface/swin.ts';
import { labelsOf } from '../../huggingface/vision.ts';
import { activation } from './activation.ts';
import type { SwinConfig, SwinStage } from './config.ts';
import { divides, unsupported } from './config-checks.ts';

export function swinV2({ config }: LanguageModel): SwinConfig {
  const { path } = config;
  const sizes = swinSizes(config);
  const { image, patch, channels, depths } = sizes;
  divides(path, 'image_size', image, 'patch_size', patch);
  // transformers has a row too many for them, and cannot add them either.
  if (config.flag('use_absolute_embeddings', false)) {
    throw unsupported(path, 'use_absolute_embeddings', 'true', 'false');
  }
  const trained = config.has('pretrained_window_sizes')
    ? config.indices('pretrained_window_sizes')
    : depths.map(() => 0);
  if (trained.length !== depths.length) {
    throw config.invalid('pretrained_window_sizes', `${depths.length} entries, one a stage`, trained);
  }
  const stages = swinStages(sizes, 2).map((stage, n): SwinStage => ({ ...stage, trained: trained[n] }));
  const last = stages.at(-1)!;
  const places = stages.flatMap((stage) => Array.from({ length: stage.depth }, () => stage.heads));
  return {
    family: 'swinv2',
    modelType: 'swinv2',
    hidden: last.hidden,
    layers: places.length,
    heads: last.heads,
    kvHeads: last.heads,
    headDim: last.hidden / last.heads,
    ffn: last.ffn,
    activation: activation(config, 'hidden_act'),
    epsilon: config.number('layer_norm_eps', 1e-5),
    context: stages[0].side ** 2,
    places: { softmax: places, activation: places.length },
    image,
    channels,
    frames: 1,
    labels: labelsOf(config),
    patch,
    stages,
    qkvBias: config.flag('qkv_bias', true),
  };
}
