import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/number/random.ts';

export interface WavOptions {
  rate?: number;
  channels?: number;
  bits?: 8 | 16 | 24 | 32 | 64;
  floats?: boolean;
  extensible?: boolean;
  /** Other chunks before the samples. */
  before?: Buffer;
}

/** A RIFF file of interleaved samples, −1 to 1. */
export function wavFile(samples: ArrayLike<number>, options: WavOptions = {}): Buffer {
  const { rate = 16_000, channels = 1, bits = 16, floats = false, extensible = false } = options;
  const data = Buffer.alloc((samples.length * bits) / 8);
  for (let i = 0; i < samples.length; i++) {
    const at = (i * bits) / 8;
    const x = samples[i];
    if (floats && bits === 64) data.writeDoubleLE(x, at);
    else if (floats) data.writeFloatLE(x, at);
    else if (bits === 8) data.writeUInt8(Math.round(x * 127) + 128, at);
    else data.writeIntLE(Math.round(x * (2 ** (bits - 1) - 1)), at, bits / 8);
  }
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : floats ? 3 : 1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) format.writeUInt16LE(floats ? 3 : 1, 24);
  const chunk = (name: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const parts = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    options.before ?? Buffer.alloc(0),
    chunk('data', data),
  ]);
  return chunk('RIFF', parts);
}

/** Sounds of a tone and noise with short texts, `NAME.wav` beside `NAME.txt`. */
export function speechFolder(path: string, texts: readonly string[]): string {
  mkdirSync(path, { recursive: true });
  const next = random(11);
  for (const [i, text] of texts.entries()) {
    const samples = Array.from(
      { length: 6000 },
      (_, t) => 0.4 * Math.sin(t * (0.05 + 0.03 * i)) + 0.1 * (next() - 0.5),
    );
    writeFileSync(join(path, `${i}.wav`), wavFile(samples));
    writeFileSync(join(path, `${i}.txt`), `${text}\n`);
  }
  return path;
}
