import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Two folders up in a clone (src/files), three in a package (dist/src/files). */
const ROOTS = ['../../', '../../../'].map((up) => new URL(`${up}assets/`, import.meta.url));

/** Where a file or folder of the package's `assets` lies. */
export function asset(path: string): string {
  const root = ROOTS.find((folder) => existsSync(folder)) ?? ROOTS[0];
  return fileURLToPath(new URL(path, root));
}
