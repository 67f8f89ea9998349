import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text of this repository, by its path from the root. */
export const file = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Writes files by name into a folder of their own; returns it. */
export function folderOf(path: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}
