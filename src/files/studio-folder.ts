import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** In a package the built studio lies beside the compiled code, in a clone in `dist`. */
const PLACES = ['../../studio/', '../../dist/studio/'];

/** The folder of the built studio; undefined in a clone where it has not been built. */
export const studioFolder = (): string | undefined =>
  PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) =>
    existsSync(`${place}index.html`),
  );
