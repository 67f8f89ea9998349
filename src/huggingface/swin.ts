import type { Config } from './config.ts';
import { headSize } from './heads.ts';
import { channelsOf, plane } from './vision.ts';

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
    channels: channelsOf(config),
    embed,
    depths,
    heads,
    window: config.size('window_size'),
    mlpRatio: config.number('mlp_ratio', 4, 1000),
  };
}

/** A stage: `side` × `side` tokens of `hidden` elements, in windows. */
export interface SwinStageSizes {
  depth: number;
  hidden: number;
  heads: number;
  ffn: number;
  side: number;
  /** Side of its windows, and how far every second block shifts them. */
  window: number;
  shift: number;
}

/** Stages of half the resolution, rounded up, and twice the width. */
export function swinStages(sizes: SwinSizes, version: 1 | 2): SwinStageSizes[] {
  const grid = Math.ceil(sizes.image / sizes.patch);
  return sizes.depths.map((depth, n) => {
    const hidden = sizes.embed * 2 ** n;
    const side = Math.ceil(grid / 2 ** n);
    // transformers' SwinV2 takes a stage to be as large as the halves of the grid are, rounded down.
    const taken = version === 2 ? Math.max(1, Math.floor(grid / 2 ** n)) : side;
    return {
      depth,
      hidden,
      heads: sizes.heads[n],
      ffn: Math.trunc(hidden * sizes.mlpRatio),
      side,
      window: Math.min(sizes.window, taken),
      shift: taken <= sizes.window ? 0 : Math.floor(sizes.window / 2),
    };
  });
}
