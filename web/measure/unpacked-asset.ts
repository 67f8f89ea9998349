import { ASSETS, held } from './held.ts';

/** Stands for `src/files/unpacked-asset.ts`: texts come unpacked. */
export const unpackedAsset = (path: string): string => new TextDecoder().decode(held(ASSETS + path));
