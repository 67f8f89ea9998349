import { readFileSync } from 'node:fs';
import { readKernel } from '../../kernel/node.ts';
import { MODEL_FILES, STUDIO_MODELS } from '../../model/embedded.ts';
import { asset } from '../../files/asset.ts';
import { unpackedAsset } from '../../files/unpacked-asset.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);

/**
 * What the studio loads to run a real model, by its path beside the page. The files are those of the package's `assets`, so
 * that a package holds them once: a build for other hosts writes them, `mugi studio` makes them when they are asked for.
 */
export const STUDIO_DATA: ReadonlyMap<string, () => Bytes> = new Map([
  ...STUDIO_MODELS.flatMap((model) =>
    MODEL_FILES.map((file) => {
      const path = `models/${model}/${file}`;
      return [`data/${path}`, () => Uint8Array.from(readFileSync(asset(path)))] as const;
    }),
  ),
  ['data/text/validation.json', () => bytesOf(unpackedAsset('text/validation.json'))],
  ['data/text/calibration.json', () => bytesOf(unpackedAsset('text/calibration.json'))],
  ['data/kernel/plain.wasm', () => readKernel('plain')],
  ['data/kernel/relaxed.wasm', () => readKernel('relaxed')],
]);
