import type { Config } from './config.ts';

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

/** What a vision transformer reads, and the patches that it is cut into, axis by axis: [frames,] height, width. */
export interface Patches {
  input: number[];
  patch: number[];
  /** Key of the patches, for errors. */
  key: string;
}

function cut(config: Config, patches: Patches): Patches {
  const { input, patch, key } = patches;
  const uneven = input.findIndex((size, axis) => size % patch[axis] !== 0);
  if (uneven >= 0) throw config.invalid(key, `divisors of the input ${input.join(' × ')}`, patch);
  return patches;
}

/** Images in square or oblong patches (ViT). */
export const imagePatches = (config: Config): Patches =>
  cut(config, {
    input: plane(config, 'image_size'),
    patch: plane(config, 'patch_size'),
    key: 'patch_size',
  });

/** Clips of frames in tubelets (ViViT). */
export function clipPatches(config: Config): Patches {
  const patch = config.sizes('tubelet_size');
  if (patch.length !== 3) throw config.invalid('tubelet_size', '[frames, height, width]', patch);
  const input = [config.size('num_frames'), ...plane(config, 'image_size')];
  return cut(config, { input, patch, key: 'tubelet_size' });
}

/** Names of the labels in the order of their numbers; none without a list. */
export function labelsOf(config: Config): string[] {
  const names = config.object('id2label');
  return Object.keys(names?.values ?? {})
    .sort((a, b) => Number(a) - Number(b))
    .map((id) => names!.text(id) ?? id);
}
