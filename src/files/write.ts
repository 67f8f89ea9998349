import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { MugiError } from '../errors.ts';
import { removedOnInterrupt } from './interrupt.ts';
import { beside, sweep } from './temporary.ts';

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed over `path`. Makes the folder.
 * @throws MugiError when the file cannot be written
 */
export function writeFileAtomic(path: string, data: string | Uint8Array): void {
  refuseDash(path);
  const neighbour = beside(path, 'tmp');
  let made = false;
  try {
    // A device or pipe cannot be renamed over.
    if (existsSync(path) && !statSync(path).isFile()) {
      writeFileSync(path, data);
      return;
    }
    makeFolder(dirname(path));
    sweep(path);
    // Exclusively: a link that someone else has put there is not followed.
    const fd = openSync(neighbour, 'wx');
    made = true;
    try {
      writeFileSync(fd, data, { flush: true });
    } finally {
      closeSync(fd);
    }
    renameSync(neighbour, path);
  } catch (error) {
    if (made) removeQuietly(neighbour);
    if (error instanceof MugiError) throw error;
    throw unwritable(path, 'write the file', error);
  }
}

/**
 * The same for a file that is too large to be made in memory: `write` is given the name of a neighbour, which is renamed
 * over `path` when it has returned. A signal that ends the process meanwhile leaves nothing behind.
 */
export async function writeAsideAtomic(
  path: string,
  write: (neighbour: string) => Promise<void>,
): Promise<void> {
  writableFile(path);
  makeFolder(dirname(path));
  sweep(path);
  const neighbour = beside(path, 'tmp');
  const done = removedOnInterrupt(() => removeQuietly(neighbour));
  try {
    await write(neighbour);
    renameSync(neighbour, path);
  } catch (error) {
    removeQuietly(neighbour);
    if (error instanceof MugiError) throw error;
    throw unwritable(path, 'write the file', error);
  } finally {
    done();
  }
}

/**
 * Makes a folder and its parents, one by one: Node's recursive mkdir never returns on some file systems (/proc).
 * @throws MugiError when the folder cannot be made
 */
export function makeFolder(path: string): void {
  refuseDash(path);
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    throw unwritable(path, 'make the folder', error);
  }
}

/** Refuses a folder that cannot be written to, before work whose results would go there. */
export function writable(folder: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(folder, 'write to the folder', error);
  }
}

/** `-` means standard output to most people; a file of that name would surprise them. */
export function refuseDash(path: string): void {
  if (path !== '-') return;
  throw new MugiError({
    code: 'unwritable',
    message: 'this result cannot be written to standard output',
    path,
    expected: 'the name of a file or folder',
    received: path,
  });
}

/** Refuses a file that cannot be written, before work whose results would go there. Makes nothing. */
export function writableFile(path: string): void {
  refuseDash(path);
  try {
    if (existsSync(path)) {
      if (statSync(path).isDirectory()) throw new Error('it is a folder');
      accessSync(path, constants.W_OK);
    }
    let folder = dirname(path);
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unwritable(path, 'write the file', error);
  }
}

export function unwritable(path: string, what: string, error: unknown): MugiError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new MugiError({ code: 'unwritable', message: `cannot ${what} (${code ?? message})`, path });
}

/** Removes what a failed write left; the failure itself is what the user hears of. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its folder is not a folder: then there is nothing to remove.
  }
}

/** Removes a folder of this program's own with all that is in it. */
export const removeFolder = (path: string): void => rmSync(path, { recursive: true, force: true });
