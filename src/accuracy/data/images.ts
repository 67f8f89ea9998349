import { join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { kindAt, namesIn, readJson } from '../../files/read.ts';
import type { VitConfig } from '../../model/config/config.ts';
import type { Block } from './blocks.ts';
import { readIdx } from './idx.ts';
import { readPngs } from './png.ts';

/** How bytes become pixels: `preprocessor_config.json` of a Hugging Face folder. */
const Preprocessor = z.object({
  do_rescale: z.boolean().default(true),
  do_normalize: z.boolean().default(true),
  rescale_factor: z
    .number()
    .positive()
    .default(1 / 255),
  image_mean: z.array(z.number()).min(1).default([0.5, 0.5, 0.5]),
  image_std: z.array(z.number().positive()).min(1).default([0.5, 0.5, 0.5]),
});

/**
 * Labelled images as blocks: a folder with an IDX pair (`…-images-idx3-ubyte[.gz]`, `…-labels-idx1-ubyte[.gz]`), the
 * images file of such a pair, or a folder of PNG files that lie in one sub-folder per label (its number or name).
 * @param model folder of the model, for its preprocessor_config.json
 * @throws MugiError for a folder without images, labels that the model lacks, and images of another size
 */
export function imageBlocks(path: string, config: VitConfig, model: string): Block[] {
  if (kindAt(path) === 'nothing') {
    throw new MugiError({ code: 'missing-file', message: 'no such folder or file of images', path });
  }
  const preprocessor = readPreprocessor(join(model, 'preprocessor_config.json'));
  const idx =
    kindAt(path) !== 'folder'
      ? path
      : namesIn(path, 'folder of images')
          .files.filter((name) => /images-idx3-ubyte(\.gz)?$/.test(name))
          .map((name) => join(path, name))[0];
  const images = idx === undefined ? readPngs(path, config) : readIdx(idx, config);
  if (images.length === 0) {
    throw new MugiError({
      code: 'missing-file',
      message: 'no images: neither an IDX pair nor PNG files in one sub-folder per label',
      path,
      expected: 't10k-images-idx3-ubyte.gz, or LABEL/*.png',
    });
  }
  const { channels, image } = config;
  return images.map(({ name, label, bytes }) => {
    const pixels = new Float32Array(channels * image * image);
    for (let c = 0; c < channels; c++) {
      const { do_rescale: rescales, do_normalize: normalises } = preprocessor;
      const mean = normalises ? (preprocessor.image_mean[c] ?? preprocessor.image_mean[0]) : 0;
      const deviation = normalises ? (preprocessor.image_std[c] ?? preprocessor.image_std[0]) : 1;
      for (let i = 0; i < image * image; i++) {
        const value = bytes[i * channels + c] * (rescales ? preprocessor.rescale_factor : 1);
        pixels[c * image * image + i] = (value - mean) / deviation;
      }
    }
    return { document: name, pixels, targets: Int32Array.of(label), scored: 1 };
  });
}

/** The file's settings; those of Hugging Face's ViT where it is missing or silent. */
function readPreprocessor(path: string): z.infer<typeof Preprocessor> {
  if (kindAt(path) === 'nothing') return Preprocessor.parse({});
  // Hugging Face writes null for what a switched-off step does not need.
  const json = readJson(path, { what: 'preprocessor configuration', limit: 2 ** 20 }, (_, value) =>
    value === null ? undefined : value,
  );
  const parsed = Preprocessor.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue.path.join('.');
  throw new MugiError({
    code: 'invalid-file',
    message: `how pixels are prepared cannot be read: ${issue.message}`,
    path: key === '' ? path : `${path}: ${key}`,
  });
}
