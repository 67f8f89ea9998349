import { MugiError } from '../../../errors.ts';
import { type FileKind, readBytes } from '../../../files/read.ts';
import { shown } from '../../../shown.ts';

/** An hour of 48 kHz stereo in 32 bits has 1.4 GB; what is read here is half a minute. */
const KIND: FileKind = { what: 'WAV file', limit: 2 ** 30, expected: 'a sound in a RIFF file (.wav)' };

/** Formats of samples (RIFF, `wFormatTag`). */
const [PCM, FLOAT, EXTENSIBLE] = [1, 3, 0xfffe];

export interface Sound {
  /** Samples a second. */
  rate: number;
  /** Mean of the channels, −1 to 1. */
  samples: Float32Array;
}

/**
 * Reads a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64.
 * @param most seconds that are wanted; what lies behind them is not read
 * @throws MugiError for files that are truncated, malformed, or in another format
 */
export function readWav(path: string, most = Infinity): Sound {
  const bytes = readBytes(path, KIND);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') {
    throw malformed(path, `it begins with ${shown(name(0))}`);
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const begin = at + 8;
    if (name(at) === 'fmt ') {
      if (size < 16 || begin + size > bytes.length) throw malformed(path, 'the file ends inside its format');
      format = formatOf(new DataView(bytes.buffer, bytes.byteOffset + begin, size), path);
    } else if (name(at) === 'data') {
      if (format === undefined) throw malformed(path, 'samples come before their format');
      // Writers that stream leave the length at its largest value.
      if (begin + size > bytes.length && size < 0x7fffffff) {
        throw malformed(path, `the file is truncated: ${size} bytes of samples are announced`);
      }
      const held = Math.min(size, bytes.length - begin);
      return mono(new DataView(bytes.buffer, bytes.byteOffset + begin, held), format, most);
    }
    // Chunks begin at even addresses.
    at = begin + size + (size % 2);
  }
  throw malformed(path, 'it holds no samples');
}

interface Format {
  rate: number;
  channels: number;
  bits: number;
  floats: boolean;
}

function formatOf(view: DataView, path: string): Format {
  const [tag, channels] = [view.getUint16(0, true), view.getUint16(2, true)];
  const [rate, bits] = [view.getUint32(4, true), view.getUint16(14, true)];
  // The first two bytes of the sub-format are the format that the extension stands for.
  const meant = tag === EXTENSIBLE && view.byteLength >= 26 ? view.getUint16(24, true) : tag;
  const known = meant === PCM ? [8, 16, 24, 32] : meant === FLOAT ? [32, 64] : [];
  if (known.includes(bits) && channels > 0 && rate > 0)
    return { rate, channels, bits, floats: meant === FLOAT };
  throw new MugiError({
    code: 'unsupported',
    message: `samples of format ${meant} in ${bits} bits, ${channels} channels, ${rate} a second, are not read`,
    path,
    expected: 'PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64',
    received: `format ${meant}, ${bits} bits`,
  });
}

function mono(view: DataView, { rate, channels, bits, floats }: Format, most: number): Sound {
  const size = bits / 8;
  const count = Math.min(Math.ceil(most * rate), Math.floor(view.byteLength / (size * channels)));
  const samples = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += sample(view, (i * channels + c) * size, bits, floats);
    samples[i] = sum / channels;
  }
  return { rate, samples };
}

/** One sample, −1 to 1: integers by their full scale, as libsndfile reads them. */
function sample(view: DataView, at: number, bits: number, floats: boolean): number {
  if (floats) return bits === 32 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  if (bits === 8) return (view.getUint8(at) - 128) / 2 ** 7;
  if (bits === 16) return view.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  return view.getInt32(at, true) / 2 ** 31;
}

const malformed = (path: string, why: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `not a readable WAV file: ${why}`,
    path,
    expected: KIND.expected,
  });
