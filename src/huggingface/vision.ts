import type { Config } from './config.ts';
import { headSize } from './heads.ts';

/** [height, width], given as a number or as a list of two. */
export function plane(config: Config, key: string): [number, number] {
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

/** Sizes of a vision transformer. */
export interface VitSizes {
  layers: number;
  hidden: number;
  heads: number;
  ffn: number;
  channels: number;
  /** Size of the input along each axis: [height, width], or [frames, height, width]. */
  input: readonly number[];
  /** Size of a patch or tubelet along the same axes; it divides the input. */
  patch: readonly number[];
}

function vitSizes(config: Config, input: number[], patch: number[], key: string): VitSizes {
  const uneven = input.findIndex((size, axis) => size % patch[axis] !== 0);
  if (uneven >= 0) throw config.invalid(key, `divisors of the input ${input.join(' × ')}`, patch);
  const [hidden, heads] = [config.size('hidden_size'), config.size('num_attention_heads')];
  headSize(config, 'num_attention_heads', hidden, heads);
  return {
    layers: config.layers('num_hidden_layers'),
    hidden,
    heads,
    ffn: config.size('intermediate_size'),
    channels: channelsOf(config),
    input,
    patch,
  };
}

/** Colours of a pixel: three where the file does not say, as in transformers. */
export const channelsOf = (config: Config): number => config.sizeOr(3, 'num_channels');

/** Images in square or oblong patches (ViT). */
export const imageSizes = (config: Config): VitSizes =>
  vitSizes(config, plane(config, 'image_size'), plane(config, 'patch_size'), 'patch_size');

/** Clips of frames in tubelets (ViViT). */
export function clipSizes(config: Config): VitSizes {
  const patch = config.sizes('tubelet_size');
  if (patch.length !== 3) throw config.invalid('tubelet_size', '[frames, height, width]', patch);
  const input = [config.size('num_frames'), ...plane(config, 'image_size')];
  return vitSizes(config, input, patch, 'tubelet_size');
}

/** Names of the labels in the order of their numbers; transformers' own two where the file lists none. */
export function labelsOf(config: Config): string[] {
  const names = config.object('id2label');
  const labels = Object.keys(names?.values ?? {})
    .sort((a, b) => Number(a) - Number(b))
    .map((id) => names!.text(id) ?? id);
  return labels.length > 0 ? labels : ['LABEL_0', 'LABEL_1'];
}
