import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { MugiError } from '../../errors.ts';
import { type FileKind, namesIn, readBytes } from '../../files/read.ts';
import type { Vision } from '../../model/config/config.ts';
import { checkSize, labelOf, type RawImage } from './raw-image.ts';

const KIND: FileKind = { what: 'PNG file', limit: 64 * 2 ** 20 };

/** Images of PNG files that lie in one sub-folder per label. */
export function readPngs(folder: string, config: Vision): RawImage[] {
  return namesIn(folder, 'folder of images').folders.flatMap((name) => {
    const label = labelOf(name, config, join(folder, name));
    const { files } = namesIn(join(folder, name), 'folder of images');
    return files
      .filter((file) => file.toLowerCase().endsWith('.png'))
      .map((file) => readPng(join(folder, name, file), label, config));
  });
}

/** One image of the size that the model reads. */
export function readPng(path: string, label: number, config: Vision): RawImage {
  let image: ReturnType<typeof decode>;
  try {
    image = decode(criticalChunks(readBytes(path, KIND), path, config));
  } catch (error) {
    if (error instanceof MugiError) throw error;
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
      message: `a PNG of ${depth} bits per channel is not supported`,
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
        ? colour(palette, data[i], path)[c]
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

/** An entry of the palette. @throws MugiError for an index behind its end */
function colour(palette: readonly (readonly number[])[], index: number, path: string): readonly number[] {
  if (index < palette.length) return palette[index];
  throw new MugiError({
    code: 'invalid-file',
    message: `not a readable PNG (a pixel has colour ${index} of a palette of ${palette.length})`,
    path,
  });
}

/** Signature and IHDR (PNG 3rd edition, §5.2 and §11.2.1): length, type, width, height, depth, colour type, … */
const SIGNATURE = 8;
const HEADER = 33;
const CHANNELS = [1, 0, 3, 1, 2, 0, 4];
const DECODED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);

/**
 * The file with the chunks alone that an image is made of, after a look at what it announces: pixels and other
 * compressed chunks of a small file could unpack to gigabytes.
 * @throws MugiError for an image of a size that the model does not read
 */
function criticalChunks(bytes: Uint8Array, path: string, config: Vision): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER) throw new Error('the file ends inside its header');
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  // The channels that a palette or an alpha channel leaves are known once it is decoded; the size is enough here.
  checkSize(path, width, height, config.channels, config);
  const bits = bytes[24] * (CHANNELS[bytes[25]] ?? 4);
  const parts = [bytes.subarray(0, SIGNATURE)];
  const pixels: Uint8Array[] = [];
  for (let at = SIGNATURE; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw new Error(`the file ends inside ${type}`);
    if (DECODED.has(type)) parts.push(bytes.subarray(at, end));
    if (type === 'IDAT') pixels.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  // Interlacing has seven passes, each with a filter byte a row.
  const most = 2 * (Math.ceil((width * bits) / 8) + 8) * height;
  inflateSync(Buffer.concat(pixels), { maxOutputLength: most });
  return Buffer.concat(parts);
}
