import { join } from 'node:path';
import { MugiError } from '../../errors.ts';
import { namesIn } from '../../files/read.ts';
import type { Vision } from '../../model/config/config.ts';
import { readArray } from './npy.ts';
import { readPng } from './png.ts';
import { labelOf, type RawImage } from './raw-image.ts';

/**
 * Clips that lie in one sub-folder per label: an array file `CLIP.npy` [frames × height × width × channels] of bytes, or a
 * folder `CLIP` of PNG files, one a frame, in the order of their names.
 * @throws MugiError for another number of frames or another size than the model reads: nothing is left out or resized
 */
export function readClips(path: string, config: Vision): RawImage[] {
  return namesIn(path, 'folder of clips').folders.flatMap((name) => {
    const folder = join(path, name);
    const label = labelOf(name, config, folder);
    const { files, folders } = namesIn(folder, 'folder of clips');
    const arrays = files
      .filter((file) => file.toLowerCase().endsWith('.npy'))
      .map((file) => arrayClip(join(folder, file), label, config));
    return [...arrays, ...folders.map((clip) => framesClip(join(folder, clip), label, config))];
  });
}

function arrayClip(path: string, label: number, config: Vision): RawImage {
  const { frames, image, channels } = config;
  return { name: path, label, bytes: readArray(path, [frames, image, image, channels]) };
}

function framesClip(path: string, label: number, config: Vision): RawImage {
  const { frames, image, channels } = config;
  const files = namesIn(path, 'folder of frames').files.filter((file) => /\.png$/i.test(file));
  const natural = files.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (natural.length !== frames) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the clip does not have the number of frames that the model reads',
      path,
      expected: `${frames} PNG files`,
      received: String(natural.length),
    });
  }
  const bytes = new Float32Array(frames * image * image * channels);
  for (const [i, file] of natural.entries()) {
    bytes.set(readPng(join(path, file), label, config).bytes, i * image * image * channels);
  }
  return { name: path, label, bytes };
}
