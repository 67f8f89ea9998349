import { join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { kindAt, namesIn } from '../../files/read.ts';
import type { Vision } from '../../model/config/config.ts';
import type { Block } from './blocks.ts';
import { readClips } from './clips.ts';
import { readIdx } from './idx.ts';
import { readPngs } from './png.ts';
import { readPreprocessor } from './preprocessor.ts';
import type { RawImage } from './raw-image.ts';

/** How bytes become pixels: `preprocessor_config.json` of a Hugging Face folder. */
const Preprocessor = z.object({
  do_rescale: z.boolean().default(true),
  do_normalize: z.boolean().default(true),
  rescale_factor: z.number().positive().optional(),
  /** One is taken off what was rescaled (ViViT: pixels of −1 to 1). */
  offset: z.boolean().optional(),
  image_mean: z.array(z.number()).min(1).default([0.5, 0.5, 0.5]),
  image_std: z.array(z.number().positive()).min(1).default([0.5, 0.5, 0.5]),
});

/** How they must lie in a folder. */
export const layoutOf = ({ frames }: Pick<Vision, 'frames'>): string =>
  frames > 1
    ? `LABEL/CLIP.npy, or LABEL/CLIP/*.png, of ${frames} frames each`
    : 'an IDX pair (t10k-images-idx3-ubyte.gz), or LABEL/*.png';

/**
 * Labelled images as blocks: a folder with an IDX pair (`…-images-idx3-ubyte[.gz]`, `…-labels-idx1-ubyte[.gz]`), the
 * images file of such a pair, or a folder of PNG files that lie in one sub-folder per label (its number or name). Clips of
 * a model that reads frames: an array file, or a folder of PNG files, each.
 * @param model folder of the model, for its preprocessor_config.json
 * @throws MugiError for a folder without images, labels that the model lacks, and images of another size
 */
export function imageBlocks(path: string, config: Vision, model: string): Block[] {
  if (kindAt(path) === 'nothing') {
    throw new MugiError({ code: 'missing-file', message: 'no such folder or file of images', path });
  }
  const preprocessor = preprocessorOf(model, config);
  const images = config.frames > 1 ? readClips(path, config) : stillImages(path, config);
  if (images.length === 0) {
    throw new MugiError({
      code: 'missing-file',
      message: `no ${config.frames > 1 ? 'clips' : 'images'}: they lie otherwise, or there are none`,
      path,
      expected: layoutOf(config),
    });
  }
  const { channels, image, frames } = config;
  return images.map(({ name, label, bytes }) => {
    const pixels = new Float32Array(frames * channels * image * image);
    const { do_rescale: rescales, do_normalize: normalises } = preprocessor;
    for (let c = 0; c < channels; c++) {
      const mean = normalises ? (preprocessor.image_mean[c] ?? preprocessor.image_mean[0]) : 0;
      const deviation = normalises ? (preprocessor.image_std[c] ?? preprocessor.image_std[0]) : 1;
      for (let f = 0; f < frames; f++) {
        const from = f * image * image;
        for (let i = 0; i < image * image; i++) {
          const byte = bytes[(from + i) * channels + c];
          const value = rescales ? byte * preprocessor.rescale_factor - (preprocessor.offset ? 1 : 0) : byte;
          pixels[from * channels + c * image * image + i] = (value - mean) / deviation;
        }
      }
    }
    return { document: name, pixels, targets: Int32Array.of(label), scored: 1 };
  });
}

/** The file's settings; those of transformers' own preprocessors where it is missing or silent. */
function preprocessorOf(folder: string, { frames }: Vision) {
  const clips = frames > 1;
  const found = readPreprocessor(folder, Preprocessor, 'how pixels are prepared', 2 ** 20);
  const { rescale_factor = 1 / (clips ? 127.5 : 255), offset = clips, ...rest } = found;
  return { ...rest, rescale_factor, offset };
}

function stillImages(path: string, config: Vision): RawImage[] {
  if (kindAt(path) !== 'folder') return readIdx(path, config);
  const { files } = namesIn(path, 'folder of images');
  const idx = files.find((name) => /images-idx3-ubyte(\.gz)?$/.test(name));
  return idx === undefined ? readPngs(path, config) : readIdx(join(path, idx), config);
}
