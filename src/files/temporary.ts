import { readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Machines may share a folder, and a number of a process says nothing about another machine's. */
const HOST = hostname().replace(/[^\w-]/g, '');

/** Behind a path: something of a process that will have its place, or had it. */
export type Purpose = 'tmp' | 'old';

/** A name beside `path` that this process alone writes to, and whose maker a later run can tell. */
export const beside = (path: string, purpose: Purpose): string => `${path}.${HOST}-${process.pid}.${purpose}`;

/** Of another machine: nothing is in the making for so long. */
const FORGOTTEN_MS = 24 * 3600 * 1000;

const swept = new Set<string>();

/** Removes what processes that were killed have left beside `path`. Once a path: the making takes milliseconds. */
export function sweep(path: string): void {
  if (swept.has(path)) return;
  swept.add(path);
  const folder = dirname(path);
  const pattern = /^\.(?:([\w-]*)-)?(\d+)\.(?:tmp|old)$/;
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Without the folder there is nothing in it.
  }
  for (const name of names) {
    if (!name.startsWith(basename(path))) continue;
    const made = pattern.exec(name.slice(basename(path).length));
    if (made === null) continue;
    const left = join(folder, name);
    try {
      const here = made[1] === undefined || made[1] === HOST;
      const dead = here ? !runs(Number(made[2])) : Date.now() - statSync(left).mtimeMs > FORGOTTEN_MS;
      if (dead) rmSync(left, { recursive: true, force: true });
    } catch {
      // Someone else removed it, or it is not ours to remove: it does no harm.
    }
  }
}

function runs(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
