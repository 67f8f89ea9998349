import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { expect, it } from 'vitest';
import { imageBlocks } from '../../src/accuracy/data/images.ts';
import { openModel } from '../../src/model/load.ts';
import { isVision } from '../../src/model/config/config.ts';
import { VIVIT, vivitShapes } from '../model/vision-shapes.ts';
import { generated } from '../model/doubles.ts';
import { writeFolder } from '../model/write-checkpoint.ts';
import { arrayFile } from './pictures.ts';

const { config, path: model } = await openModel(writeFolder(VIVIT, generated(vivitShapes())));
if (!isVision(config)) throw new Error('not a vision model');
const vision = config;
const folder = mkdtempSync(join(tmpdir(), 'mugi-clips-'));
const elements = 4 * 6 * 6 * 2;
const bytes = Uint8Array.from({ length: elements }, (_, i) => (i * 7) % 256);

function clips(name: string, files: Record<string, Uint8Array>): string {
  const path = join(folder, name);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), content);
  }
  return path;
}

it('a clip of an array file and of single frames is the same clip, from −1 to 1 and normalised', () => {
  const frames = Object.fromEntries(
    [0, 1, 2, 3].map((f) => {
      // Two channels are grey and alpha in a PNG; three or four are colours. Grey is what both channels hold here.
      const grey = bytes.slice(f * 36, (f + 1) * 36);
      return [`run/b/frame${f + 8}.png`, encode({ width: 6, height: 6, data: grey, channels: 1, depth: 8 })];
    }),
  );
  const doubled = Uint8Array.from({ length: elements }, (_, i) => bytes[Math.floor(i / 2)]);
  const path = clips('same', { 'jump/a.npy': arrayFile([4, 6, 6, 2], doubled), ...frames });
  const blocks = imageBlocks(path, vision, model);
  expect(blocks.map(({ targets }) => [...targets])).toEqual([[1], [2]]);
  expect(blocks[0].pixels).toEqual(blocks[1].pixels);
  // Frame 2, channel 1, row 3, column 4: (v / 127.5 − 1 − 0.5) / 0.5.
  const value = bytes[2 * 36 + 3 * 6 + 4];
  expect(blocks[0].pixels![((2 * 2 + 1) * 6 + 3) * 6 + 4]).toBeCloseTo((value / 127.5 - 1.5) / 0.5, 5);
});

it.each([
  ['another shape', arrayFile([4, 6, 6, 3], new Uint8Array(432)), /shape.*\[4, 6, 6, 2\].*\[4, 6, 6, 3\]/s],
  ['another type', arrayFile([4, 6, 6, 2], bytes, '<f4'), /<f4/],
  ['Fortran order', arrayFile([4, 6, 6, 2], bytes, '|u1', 'True'), /Fortran order/],
  ['a cut file', arrayFile([4, 6, 6, 2], bytes).subarray(0, 200), /truncated/],
  ['bytes behind', Buffer.concat([arrayFile([4, 6, 6, 2], bytes), Buffer.of(1)]), /bytes follow/],
  ['no array', Buffer.from('something else'), /not an array file/],
  ['no header', arrayFile([4, 6, 6, 2], bytes).subarray(0, 40), /ends inside its header/],
])('refuses %s', (name, content, message) => {
  const path = clips(name, { 'run/a.npy': content });
  try {
    imageBlocks(path, vision, model);
  } catch (error) {
    const { message: text, details } = error as Error & { details: { expected?: string; received?: string } };
    expect(`${text} ${details.expected} ${details.received}`).toMatch(message);
    return;
  }
  throw new Error('was read');
});

it('refuses clips of another number of frames, and folders without clips', () => {
  const one = encode({ width: 6, height: 6, data: new Uint8Array(36), channels: 1, depth: 8 });
  expect(() => imageBlocks(clips('short', { 'run/c/1.png': one }), vision, model)).toThrow(
    /number of frames/,
  );
  expect(() => imageBlocks(clips('none', { 'run/readme.txt': one }), vision, model)).toThrow(/no clips/);
});
