import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decode } from 'fast-png';
import { z } from 'zod';
import { MugiError, unknownName } from '../../errors.ts';
import type { VitConfig } from '../../model/config/config.ts';
import type { Block } from './blocks.ts';

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

interface RawImage {
  name: string;
  label: number;
  /** Interleaved channels, 0..255. */
  bytes: ArrayLike<number>;
}

/**
 * Labelled images as blocks: a folder with an IDX pair (`…-images-idx3-ubyte[.gz]`, `…-labels-idx1-ubyte[.gz]`), the
 * images file of such a pair, or a folder of PNG files that lie in one sub-folder per label (its number or name).
 * @param model folder of the model, for its preprocessor_config.json
 */
export function imageBlocks(path: string, config: VitConfig, model: string): Block[] {
  if (!existsSync(path)) {
    throw new MugiError({ code: 'missing-file', message: 'no such folder or file of images', path });
  }
  const preprocessor = readPreprocessor(join(model, 'preprocessor_config.json'));
  const idx = statSync(path).isFile()
    ? path
    : readdirSync(path)
        .filter((name) => /images-idx3-ubyte(\.gz)?$/.test(name))
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
  if (!existsSync(path)) return Preprocessor.parse({});
  let json: unknown;
  try {
    // Hugging Face writes null for what a switched-off step does not need.
    json = JSON.parse(readFileSync(path, 'utf8'), (_, value: unknown) =>
      value === null ? undefined : value,
    );
  } catch (error) {
    throw new MugiError({ code: 'invalid-file', message: `not JSON (${(error as Error).message})`, path });
  }
  const parsed = Preprocessor.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const key = issue!.path.join('.');
  throw new MugiError({
    code: 'invalid-file',
    message: `how pixels are prepared cannot be read: ${issue!.message}`,
    path: key === '' ? path : `${path}: ${key}`,
  });
}

/** IDX (LeCun): big-endian magic 0x0803, count, rows, columns, bytes; labels 0x0801, count, bytes. */
function readIdx(path: string, config: VitConfig): RawImage[] {
  const labelsPath = join(dirname(path), basename(path).replace('images-idx3', 'labels-idx1'));
  if (labelsPath === path || !existsSync(labelsPath)) {
    throw new MugiError({
      code: 'missing-file',
      message: 'the labels of the images are missing',
      path: labelsPath,
    });
  }
  const images = idxBytes(path, 0x0803, 16);
  const labels = idxBytes(labelsPath, 0x0801, 8);
  const count = images.readUInt32BE(4);
  const [rows, columns] = [images.readUInt32BE(8), images.readUInt32BE(12)];
  checkSize(path, columns, rows, 1, config);
  if (images.length < 16 + count * rows * columns || labels.length < 8 + count) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the file is truncated: ${count} images are announced`,
      path: images.length < 16 + count * rows * columns ? path : labelsPath,
    });
  }
  return Array.from({ length: count }, (_, i) => ({
    name: `${basename(path)}[${i}]`,
    label: checkLabel(labels[8 + i], config, labelsPath),
    bytes: images.subarray(16 + i * rows * columns, 16 + (i + 1) * rows * columns),
  }));
}

function idxBytes(path: string, magic: number, header: number): Buffer {
  const raw = readFileSync(path);
  let bytes: Buffer;
  try {
    bytes = raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw;
  } catch (error) {
    throw new MugiError({
      code: 'invalid-file',
      message: `not a whole gzip file (${(error as Error).message})`,
      path,
    });
  }
  if (bytes.length < header || bytes.readUInt32BE(0) !== magic) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'not an IDX file of unsigned bytes',
      path,
      expected: `magic number 0x${magic.toString(16).padStart(8, '0')}`,
    });
  }
  return bytes;
}

function readPngs(folder: string, config: VitConfig): RawImage[] {
  const labels = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return labels
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => {
      const label = labelOf(name, config, join(folder, name));
      const files = readdirSync(join(folder, name)).filter((file) => file.toLowerCase().endsWith('.png'));
      return files.sort().map((file) => readPng(join(folder, name, file), label, config));
    });
}

function readPng(path: string, label: number, config: VitConfig): RawImage {
  let image: ReturnType<typeof decode>;
  try {
    image = decode(readFileSync(path));
  } catch (error) {
    throw new MugiError({
      code: 'invalid-file',
      message: `not a readable PNG (${(error as Error).message})`,
      path,
    });
  }
  const { width, height, channels, data, depth, palette } = image;
  const colours = palette ? 3 : channels - (channels % 2 === 0 ? 1 : 0);
  if (depth !== 8 && depth !== 16) {
    throw new MugiError({
      code: 'unsupported',
      message: `a PNG of depth ${depth} is not read`,
      path,
      expected: '8 or 16',
    });
  }
  checkSize(
    path,
    width,
    height,
    config.channels === 1 ? 1 : colours === 1 ? config.channels : colours,
    config,
  );
  const bytes = new Float32Array(width * height * config.channels);
  for (let i = 0; i < width * height; i++) {
    const at = (c: number): number =>
      palette
        ? palette[data[i]]![c]
        : data[i * channels + Math.min(c, colours - 1)] / (depth === 16 ? 257 : 1);
    if (config.channels === 1) {
      // Luma as PIL converts to grey (ITU-R 601-2).
      bytes[i] = colours === 1 ? at(0) : 0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2);
    } else {
      for (let c = 0; c < config.channels; c++) bytes[i * config.channels + c] = at(c);
    }
  }
  return { name: path, label, bytes };
}

function checkSize(path: string, width: number, height: number, channels: number, config: VitConfig): void {
  const { image } = config;
  if (width === image && height === image && channels === config.channels) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the images do not have the size the model reads',
    path,
    expected: `${image} × ${image}, ${config.channels} channels`,
    received: `${width} × ${height}, ${channels} channels`,
  });
}

function labelOf(name: string, config: VitConfig, path: string): number {
  const byName = config.labels.indexOf(name);
  if (byName >= 0) return byName;
  if (/^\d+$/.test(name)) return checkLabel(Number(name), config, path);
  throw unknownName('label', name, config.labels, path);
}

function checkLabel(label: number, config: VitConfig, path: string): number {
  if (label < config.labels.length) return label;
  throw new MugiError({
    code: 'invalid-file',
    message: `label ${label} is none of the model's ${config.labels.length}`,
    path,
  });
}
