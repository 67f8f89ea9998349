import type { Config } from './config.ts';
import { headSize } from './heads.ts';
import { plane } from './vision.ts';

/** Sizes of a Swin transformer, first or second version. */
export interface SwinSizes {
  image: number;
  patch: number;
  channels: number;
  /** Width of the first stage; each next one is twice as wide. */
  embed: number;
  /** Blocks of each stage, and their heads. */
  depths: number[];
  heads: number[];
  /** Tokens of a side of a window; a smaller stage is one window. */
  window: number;
  mlpRatio: number;
}

const MAX_STAGES = 8;

export function swinSizes(config: Config): SwinSizes {
  const [image, imageWidth] = plane(config, 'image_size');
  if (image !== imageWidth) throw config.refuse('an image that is not square', 'image_size');
  const [patch, patchWidth] = plane(config, 'patch_size');
  if (patch !== patchWidth) throw config.refuse('a patch that is not square', 'patch_size');
  const [depths, heads] = [config.sizes('depths'), config.sizes('num_heads')];
  if (depths.length > MAX_STAGES) throw config.invalid('depths', `at most ${MAX_STAGES} stages`, depths);
  if (heads.length !== depths.length) {
    throw config.invalid('num_heads', `${depths.length} entries, one a stage`, heads);
  }
  const embed = config.size('embed_dim');
  heads.forEach((count, stage) => headSize(config, 'num_heads', embed * 2 ** stage, count));
  return {
    image,
    patch,
    channels: config.sizeOr(3, 'num_channels'),
    embed,
    depths,
    heads,
    window: config.size('window_size'),
    mlpRatio: config.number('mlp_ratio', 4, 1000),
  };
}
