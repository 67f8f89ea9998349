import { readFileSync } from 'node:fs';
import { CALIBRATION_EVERY, type TextDocument } from './embedded-text.ts';
import { readKernel } from '../../kernel/node.ts';
import { MODEL_FILES, STUDIO_MODELS } from '../../model/embedded.ts';
import { asset } from '../../files/asset.ts';
import { unpackedAsset } from '../../files/unpacked-asset.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);

/** The training text, of which a calibration reads some documents: the others stay empty in their places. */
function calibrationText(): string {
  const documents = JSON.parse(unpackedAsset('text/training.json')) as TextDocument[];
  return JSON.stringify(
    documents.map(({ name, text }, i) => ({ name, text: i % CALIBRATION_EVERY === 0 ? text : '' })),
  );
}

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
  ['data/text/training.json', () => bytesOf(calibrationText())],
  ['data/kernel/plain.wasm', () => readKernel('plain')],
  ['data/kernel/relaxed.wasm', () => readKernel('relaxed')],
]);
