import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { choiceItems } from '../../../src/accuracy/data/choice-file.ts';
import { imageBlocks } from '../../../src/accuracy/data/images.ts';
import { readArray } from '../../../src/accuracy/data/npy.ts';
import { parquetTexts } from '../../../src/accuracy/data/text-file.ts';
import { featuresOf } from '../../../src/accuracy/data/speech/extractor.ts';
import { utterancesIn } from '../../../src/accuracy/data/speech/utterances.ts';
import { readWindowFile } from '../../../src/accuracy/windows/window-file.ts';
import type { VitConfig } from '../../../src/model/config/config.ts';
import { arrayFile } from '../../accuracy/pictures.ts';
import { wavFile } from '../../accuracy/sounds.ts';
import { commandLine } from '../command-line.ts';
import { mutateBytes, mutateJson, mutateText } from '../mutate.ts';
import { expectFinite, WrongResult } from '../outcome.ts';
import * as seeds from '../seeds/data.ts';
import { folderOf } from '../seeds/folder.ts';
import { once, type Target, WHOLE_COMMAND } from './target.ts';

const images = once(seeds.images);
const parquets = once(seeds.parquets);

/** Readers of what models are run on, and of the windows that are chosen from it. */
export const DATA: readonly Target[] = [
  {
    name: 'images',
    weight: 15,
    try(dice, folder) {
      const config = {
        family: 'vit',
        image: 28,
        channels: 1,
        frames: 1,
        labels: Array.from({ length: 10 }, (_, i) => `${i}`),
      } as unknown as VitConfig;
      const { idx, packed, labels, png, indexed } = images();
      if (dice.chance(0.5)) {
        const [name, bytes] = dice.pick([
          ['', idx],
          ['.gz', packed],
        ] as const);
        const at = join(folder, `idx${name}`);
        folderOf(at, {
          [`t-images-idx3-ubyte${name}`]: mutateBytes(bytes, dice),
          [`t-labels-idx1-ubyte${name}`]: dice.chance(0.7) ? labels : mutateBytes(labels, dice),
          'preprocessor_config.json': mutateJson('{"image_mean": [0.5], "image_std": [0.5]}', dice),
        });
        return imageBlocks(at, config, dice.chance(0.5) ? at : folder);
      }
      const at = join(folder, 'pngs');
      folderOf(join(at, '3'), { 'a.png': mutateBytes(dice.pick([png, indexed]), dice) });
      return imageBlocks(at, config, folder);
    },
  },
  {
    name: 'clips and sounds',
    weight: 15,
    try(dice, folder) {
      const samples = Array.from({ length: 700 }, (_, i) => Math.sin(i / 5));
      if (dice.chance(0.4)) {
        const path = join(folder, 'a.npy');
        writeFileSync(path, mutateBytes(arrayFile([2, 3, 3, 1], new Uint8Array(18)), dice));
        return readArray(path, [2, 3, 3, 1]);
      }
      const bits = dice.pick([8, 16, 24, 32] as const);
      const at = join(folder, 'speech');
      folderOf(at, {
        'a.wav': mutateBytes(wavFile(samples, { bits, extensible: dice.chance(0.3) }), dice),
        'metadata.jsonl': dice.chance(0.5)
          ? '{"file_name": "a.wav", "text": "a"}'
          : mutateText('{"file_name": "a.wav", "text": "a"}\n', dice),
      });
      const settings = { bins: 8, rate: 16_000, hop: 160, frame: 400, length: 800, padding: 0 };
      for (const { path } of utterancesIn(at)) expectFinite(featuresOf(path, settings), 'a feature');
      return undefined;
    },
  },
  {
    name: 'questions',
    weight: 8,
    async try(dice, folder) {
      const path = join(folder, 'choices.jsonl');
      writeFileSync(path, mutateText(seeds.CHOICES, dice));
      const items = await choiceItems(path);
      if (items.some(({ answer, choices }) => choices[answer] === undefined))
        throw new WrongResult('a right answer that is no choice');
    },
  },
  {
    name: 'Parquet',
    weight: 4,
    async try(dice, folder) {
      const path = join(folder, 'rows.parquet');
      writeFileSync(path, mutateBytes(dice.pick(parquets()), dice));
      if (dice.chance(0.5)) await parquetTexts([path]);
      else await choiceItems(path);
    },
  },
  {
    name: 'text',
    weight: 5,
    try(dice, folder) {
      const path = join(folder, 'text.txt');
      writeFileSync(path, mutateBytes(Buffer.from(seeds.TEXT), dice));
      return dice.chance(WHOLE_COMMAND)
        ? commandLine(['profile', '--text', path, '--tokens', '32', '--block', '16'])
        : undefined;
    },
  },
  {
    name: 'window file',
    weight: 10,
    try(dice, folder) {
      const path = join(folder, 'windows.json');
      writeFileSync(path, mutateJson(seeds.WINDOWS, dice));
      if (dice.chance(10 * WHOLE_COMMAND)) return commandLine(['lut', 'softmax', '--windows', path]);
      for (const { lo, hi } of readWindowFile(path).windows) expectFinite([lo, hi], 'an exponent');
      return undefined;
    },
  },
];
