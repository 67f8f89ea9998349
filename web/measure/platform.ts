import { held, isFolder, namesUnder } from './held.ts';

/**
 * What the code of `mugi accuracy` takes from Node, for a worker of the page, which runs that code unchanged: files are those
 * that the worker has fetched, and nothing is written.
 */

const failure = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });

export const constants = { O_RDONLY: 0, signals: {} };

// node:fs
const opened: Uint8Array[] = [];
const statsOf = (size: number | undefined) => ({
  size: size ?? 0,
  isFile: () => size !== undefined,
  isDirectory: () => size === undefined,
  isFIFO: () => false,
  isSocket: () => false,
});
export function openSync(path: string): number {
  const bytes = held(path);
  if (bytes === undefined) throw failure(isFolder(path) ? 'EISDIR' : 'ENOENT', path);
  return opened.push(bytes) - 1;
}
export const closeSync = (): void => {};
export const fstatSync = (fd: number) => statsOf(opened[fd].length);
export function statSync(path: string) {
  const bytes = held(path);
  return bytes === undefined && !isFolder(path) ? undefined : statsOf(bytes?.length);
}
/** Where a file is read on, for reads without a position. */
const at = new Map<number, number>();
export function readSync(
  fd: number,
  to: Uint8Array,
  offset = 0,
  length = to.length - offset,
  position: number | null = null,
): number {
  const from = position ?? at.get(fd) ?? 0;
  const part = opened[fd].subarray(from, from + length);
  to.set(part, offset);
  if (position === null) at.set(fd, from + part.length);
  return part.length;
}
export function readFileSync(path: string): Uint8Array {
  const bytes = held(path);
  if (bytes === undefined) throw failure('ENOENT', path);
  return bytes;
}
export const existsSync = (path: string): boolean => held(path) !== undefined || isFolder(path);
export const readdirSync = (path: string): string[] => namesUnder(path);
function refuseWriting(path: string): never {
  throw failure('EROFS', path);
}
export const mkdirSync = refuseWriting;
export const renameSync = refuseWriting;
export const rmSync = refuseWriting;
export const writeFileSync = refuseWriting;

// node:path
export const join = (...parts: string[]): string => parts.join('/').replace(/\/+/g, '/');
export const basename = (path: string, ending = ''): string => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.endsWith(ending) ? name.slice(0, name.length - ending.length) : name;
};
export const dirname = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '/';

// node:os
export const homedir = (): string => '/';
export const tmpdir = homedir;
export const hostname = (): string => '';
/** What 32-bit addresses of the kernels reach; a page is not told how much there is. */
export const totalmem = (): number => 2 ** 32;
export const availableParallelism = (): number => 1;

// node:worker_threads
export const isMainThread = false;

// node:crypto: digests name work that is kept, and here none is.
export function createHash(): { update(): unknown; digest(): string } {
  const hash = { update: () => hash, digest: () => '' };
  return hash;
}

// node:vm: the worker itself can be ended from outside.
export const createContext = <T>(context: T): T => context;
export class Script {
  runInContext({ work }: { work?: () => unknown }): unknown {
    return work?.();
  }
}

// node:zlib
function refusePacked(): never {
  throw failure('ENOSYS', 'packed data');
}
export const brotliDecompressSync = refusePacked;
export const gunzipSync = refusePacked;
export const inflateSync = refusePacked;

// node:child_process, node:url and node:v8, for Parquet, which the page does not measure on.
function refuseProcess(): never {
  throw failure('ENOSYS', 'a process of its own');
}
export const spawn = refuseProcess;
export const fileURLToPath = String;
export const deserialize = refuseProcess;

// node:timers/promises
export const setImmediate = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

Object.assign(globalThis, {
  process: {
    env: {},
    constrainedMemory: () => 0,
    stderr: { isTTY: false, write: () => true },
    on: () => {},
    off: () => {},
  },
});
