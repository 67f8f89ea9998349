import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { imageBlocks } from '../../src/accuracy/data/images.ts';
import { openModel } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-images-'));
const { config } = await openModel('vit-mnist-gelu');
if (config.family !== 'vit') throw new Error('not a ViT');
const vit = config;

mkdirSync(join(folder, 'images', '7'), { recursive: true });
const bytes = Uint8Array.from({ length: vit.image ** 2 }, (_, i) => i % 256);
writeFileSync(
  join(folder, 'images', '7', 'a.png'),
  encode({ width: vit.image, height: vit.image, data: bytes, channels: 1, depth: 8 }),
);

/** The pixel of byte 200 when the model's preprocessor_config.json holds `text`. */
function pixel(text: string): number {
  writeFileSync(join(folder, 'preprocessor_config.json'), text);
  return imageBlocks(join(folder, 'images'), vit, folder)[0].pixels![200];
}

it('pixels are rescaled and normalised as the model’s folder says, either switched off too', () => {
  const settings = { rescale_factor: 1 / 255, image_mean: [0.25], image_std: [0.5] };
  const value = (more: object) => pixel(JSON.stringify({ ...settings, ...more }));
  expect(value({})).toBeCloseTo((200 / 255 - 0.25) / 0.5, 5);
  expect(value({ do_normalize: false })).toBeCloseTo(200 / 255, 5);
  expect(value({ do_normalize: false, image_mean: null, image_std: null })).toBeCloseTo(200 / 255, 5);
  expect(value({ do_rescale: false })).toBeCloseTo((200 - 0.25) / 0.5, 3);
  expect(value({ do_rescale: false, do_normalize: false })).toBe(200);
});

it('a malformed preprocessor_config.json is the user’s mistake, named with its path and key', () => {
  const details = (text: string): unknown => {
    try {
      pixel(text);
    } catch (error) {
      return (error as { details?: unknown }).details;
    }
    return undefined;
  };
  const path = join(folder, 'preprocessor_config.json');
  expect(details('{"image_mean": [')).toMatchObject({ code: 'invalid-file', path: `${path}:1:17` });
  expect(details('[]')).toMatchObject({ code: 'invalid-file', path });
  for (const [key, text] of [
    ['image_std', '{"image_std": []}'],
    ['do_rescale', '{"do_rescale": "no"}'],
    ['rescale_factor', '{"rescale_factor": 0}'],
  ]) {
    expect(details(text!)).toMatchObject({ code: 'invalid-file', path: `${path}: ${key}` });
  }
});
