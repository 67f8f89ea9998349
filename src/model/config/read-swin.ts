import type { LanguageModel } from '../../huggingface/language-model.ts';
import { swinSizes } from '../../huggingface/swin.ts';
import { labelsOf } from '../../huggingface/vision.ts';
import { activation } from './activation.ts';
import type { SwinConfig, SwinStage } from './config.ts';
import { divides, unsupported } from './config-checks.ts';

export function swinV2({ config }: LanguageModel): SwinConfig {
  const { path } = config;
  const { image, patch, channels, embed, depths, heads, window, mlpRatio } = swinSizes(config);
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
  const grid = image / patch;
  const stages = depths.map((depth, n): SwinStage => {
    const hidden = embed * 2 ** n;
    return {
      depth,
      hidden,
      heads: heads[n],
      ffn: Math.trunc(hidden * mlpRatio),
      side: Math.ceil(grid / 2 ** n),
      // transformers takes a stage to be as large as the halves of the grid are, rounded down.
      window: Math.min(window, Math.max(1, Math.floor(grid / 2 ** n))),
      shift: Math.floor(grid / 2 ** n) <= window ? 0 : Math.floor(window / 2),
      trained: trained[n],
    };
  });
  const last = stages.at(-1)!;
  const labels = labelsOf(config);
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
    context: grid * grid,
    places: { softmax: places, activation: places.length },
    image,
    channels,
    frames: 1,
    labels: labels.length > 0 ? labels : ['LABEL_0', 'LABEL_1'],
    patch,
    stages,
    qkvBias: config.flag('qkv_bias', true),
  };
}
