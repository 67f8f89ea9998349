import { ASSETS } from './held.ts';

/** Stands for `src/files/asset.ts`: where a file of the package's assets is held. */
export const asset = (path: string): string => ASSETS + path;
