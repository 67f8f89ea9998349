import { existsSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { MugiError } from '../errors.ts';
import { shown } from '../shown.ts';
import { beside, sweep } from './temporary.ts';
import { makeFolder, refuseDash, unwritable } from './write.ts';

export interface FolderFile {
  readonly name: string;
  readonly text: string;
}

/** Names of the files that this program wrote into a folder earlier: what may be replaced there. */
export type Written = (folder: string) => ReadonlySet<string>;

/**
 * Writes a folder whole or not at all: into a sibling first, then renamed into place. A folder
 * that stands there already is replaced, so that nothing of an earlier run is left, but only if all in it was
 * `written` by this program. `signal` stops the writing; what stood at `path` is then as before.
 * @throws MugiError when the folder cannot be written, or holds what an earlier run did not write
 */
export async function writeFolderAtomic(
  path: string,
  files: readonly FolderFile[],
  { written, signal }: { written: Written; signal?: AbortSignal },
): Promise<void> {
  const target = refuseFolder(path, written);
  const temporary = beside(target, 'tmp');
  makeFolder(dirname(target));
  sweep(target);
  try {
    await mkdir(temporary);
    for (const { name, text } of files) {
      signal?.throwIfAborted();
      await writeFile(join(temporary, name), text, { flush: true });
    }
    signal?.throwIfAborted();
    exchange(path, target, temporary, written);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (error instanceof MugiError || signal?.aborted === true) throw error;
    throw unwritable(path, 'write the folder', error);
  }
}

/** Refuses a folder that `writeFolderAtomic` would not replace; returns where it lies, symbolic links resolved. */
export function refuseFolder(path: string, written: Written): string {
  refuseDash(path);
  if (path.trim() === '') {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the name of the folder is empty',
      expected: 'the name of a folder',
      received: shown(path),
    });
  }
  if (!existsSync(path)) return resolve(path);
  if (!statSync(path).isDirectory())
    throw unwritable(path, 'write the folder', new Error('it is not a folder'));
  const target = realpathSync(path);
  if (`${process.cwd()}${sep}`.startsWith(`${target}${sep}`)) {
    throw new MugiError({
      code: 'unwritable',
      message: 'the current folder cannot be replaced as a whole',
      path,
      expected: 'a folder of its own',
    });
  }
  refuseForeign(path, target, written);
  return target;
}

/** Refuses to replace a folder that holds what this program did not write, whatever it is. */
function refuseForeign(path: string, folder: string, written: Written): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.length === 0) return;
  const ours = written(folder);
  const foreign = entries.find((entry) => !entry.isFile() || !ours.has(entry.name));
  if (foreign === undefined) return;
  throw new MugiError({
    code: 'unwritable',
    message: `the folder holds "${foreign.name}", which an earlier run did not write`,
    path,
    expected: 'a new or empty folder, or one that holds an earlier run and nothing else',
  });
}

/** Puts `temporary` in the place of `target`. Synchronous: no signal comes between. */
function exchange(path: string, target: string, temporary: string, written: Written): void {
  if (!existsSync(target)) {
    renameSync(temporary, target);
    return;
  }
  const before = beside(target, 'old');
  renameSync(target, before);
  try {
    // Again, for what came in meanwhile; where it lies now, nothing more does.
    refuseForeign(path, before, written);
    renameSync(temporary, target);
  } catch (error) {
    renameSync(before, target);
    throw error;
  }
  for (const name of readdirSync(before)) rmSync(join(before, name));
  rmdirSync(before);
}
