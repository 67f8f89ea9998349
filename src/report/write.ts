import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { MugiError } from '../errors.ts';

/** Writes a file whole or not at all: into a neighbour first, then renamed over `path`. Makes the folder. */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  const neighbour = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(path));
    writeFileSync(neighbour, data, { flush: true });
    renameSync(neighbour, path);
  } catch (error) {
    rmSync(neighbour, { force: true });
    throw new MugiError({
      code: 'unwritable',
      message: `cannot write the file (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`,
      path,
    });
  }
}

/** Makes a folder and its parents, one by one: Node's recursive mkdir never returns on some file systems (/proc). */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path);
}
