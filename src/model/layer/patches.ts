import { MugiError } from '../../errors.ts';
import type { VisionConfig } from '../config/config.ts';
import type { Batch } from '../model.ts';

/** What patches are cut from: `frames` of `image` × `image` pixels in `channels` colours. */
export interface PatchShape {
  frames: number;
  channels: number;
  image: number;
  /** Frames, height and width of a patch; each divides its axis. */
  patch: readonly [frames: number, height: number, width: number];
}

/**
 * Patches of all pictures as rows of a product with the weights of a convolution whose stride is its size: frame by frame,
 * row by row, column by column; within a patch colours first.
 * @param pixels [count × frames × channels × image × image]
 * @returns [count·patches × channels·elements of a patch]
 */
export function unfold(pixels: Float32Array, count: number, shape: PatchShape): Float32Array {
  const { frames, channels, image, patch } = shape;
  const [depth, height, width] = patch;
  const out = new Float32Array(pixels.length);
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (let frame = 0; frame < frames; frame += depth) {
      for (let top = 0; top < image; top += height) {
        for (let left = 0; left < image; left += width) {
          for (let c = 0; c < channels; c++) {
            for (let f = frame; f < frame + depth; f++) {
              for (let y = top; y < top + height; y++) {
                const from = (((i * frames + f) * channels + c) * image + y) * image + left;
                out.set(pixels.subarray(from, from + width), at);
                at += width;
              }
            }
          }
        }
      }
    }
  }
  return out;
}

/**
 * The pixels of a batch, for families that read pictures.
 * @throws MugiError for a batch of another kind
 */
export function pixelsOf(batch: Batch, { modelType }: Pick<VisionConfig, 'modelType'>) {
  if (batch.kind === 'images') return batch;
  throw new MugiError({
    code: 'invalid-value',
    message: `a ${modelType} model reads images: name them with \`images\``,
    path: 'images',
    expected: 'a folder of images',
  });
}
