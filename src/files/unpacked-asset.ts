import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { asset } from './asset.ts';

/** The text of a file of the package's `assets`, which lies there packed by Brotli. */
export const unpackedAsset = (path: string): string =>
  brotliDecompressSync(readFileSync(asset(`${path}.br`))).toString();
