import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MugiError, nearest } from '../errors.ts';
import { parseJson } from '../json.ts';

/** What a file is read as: its name in messages, and how large one may be. */
export interface FileKind {
  /** Follows "this is a folder, not a": `design file`. */
  readonly what: string;
  /** Bytes; what is larger is something else. */
  readonly limit: number;
  /** What the user should name instead. */
  readonly expected?: string;
}

/** Bytes of one read. */
const CHUNK = 16 * 2 ** 20;

/** No folder with more names is searched for a similar one. */
const MOST_NEIGHBOURS = 10_000;

/** The bytes of a regular file. @throws MugiError for everything else: a folder, a device, a pipe, no permission */
export function readBytes(path: string, kind: FileKind): Uint8Array<ArrayBuffer> {
  const fd = openRegular(path, kind);
  try {
    // Files of /proc say that they are empty: reading goes on until the end, whatever the size says.
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const { size } = fstatSync(fd);
      const chunk = new Uint8Array(Math.min(CHUNK, Math.max(4096, size - total + 1)));
      const got = readSync(fd, chunk);
      if (got === 0) break;
      total += got;
      if (total > kind.limit) throw tooLarge(path, kind, total);
      chunks.push(chunk.subarray(0, got));
    }
    const bytes = new Uint8Array(total);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (error) {
    throw error instanceof MugiError ? error : unreadable(path, kind, error);
  } finally {
    closeSync(fd);
  }
}

/**
 * A text in UTF-8, a byte order mark left out.
 * @param tolerant whether bytes of another encoding (in comments, say) are replaced instead of refused
 */
export function readText(path: string, kind: FileKind, tolerant = false): string {
  const bytes = readBytes(path, kind);
  try {
    return new TextDecoder('utf-8', { fatal: !tolerant }).decode(bytes);
  } catch {
    throw refusal(path, kind, 'not UTF-8 text: a byte in it is not part of any character');
  }
}

/** A JSON file. @param reviver as of `JSON.parse` */
export function readJson(
  path: string,
  kind: FileKind,
  reviver?: (key: string, value: unknown) => unknown,
): unknown {
  return parseJson(readText(path, kind), path, kind.expected, reviver);
}

/** Opens a regular file for reading by position; returns its descriptor and size. The caller closes it. */
export function openForReading(path: string, kind: FileKind): { fd: number; size: number } {
  const fd = openRegular(path, kind);
  return { fd, size: fstatSync(fd).size };
}

/** What lies at a path. */
export function kindAt(path: string): 'file' | 'folder' | 'other' | 'nothing' {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    return 'nothing';
  }
  if (stats === undefined) return 'nothing';
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

/** Names in a folder, folders and files apart, in the order of their names. */
export function namesIn(folder: string, what: string): { files: string[]; folders: string[] } {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    // Symbolic links are what they point to.
    const folders = entries.filter(
      (entry) =>
        entry.isDirectory() || (entry.isSymbolicLink() && kindAt(join(folder, entry.name)) === 'folder'),
    );
    return {
      folders: folders.map(({ name }) => name),
      files: entries.filter((entry) => !folders.includes(entry)).map(({ name }) => name),
    };
  } catch (error) {
    throw unreadable(folder, { what, limit: Infinity }, error);
  }
}

function openRegular(path: string, kind: FileKind): number {
  let fd: number;
  try {
    // Without NONBLOCK, opening a pipe waits for its writer.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unreadable(path, kind, error);
  }
  const stats = fstatSync(fd);
  if (stats.isFile() && stats.size <= kind.limit) return fd;
  closeSync(fd);
  if (stats.isFile()) throw tooLarge(path, kind, stats.size);
  throw refusal(path, kind, `this is a ${typeOf(stats)}, not a ${kind.what}`);
}

function typeOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

function refusal(path: string, { what, expected }: FileKind, message: string, received?: string): MugiError {
  return new MugiError({ code: 'invalid-file', message, path, expected: expected ?? `a ${what}`, received });
}

const tooLarge = (path: string, kind: FileKind, size: number): MugiError =>
  refusal(
    path,
    kind,
    `the file is larger than ${kind.limit} bytes, which no ${kind.what} is`,
    `${size} bytes`,
  );

function unreadable(path: string, kind: FileKind, error: unknown): MugiError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return refusal(path, kind, `this is a folder, not a ${kind.what}`);
  // A name with a zero byte is refused before the file system sees it.
  if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ERR_INVALID_ARG_VALUE') {
    return refusal(path, kind, `cannot read the ${kind.what} (${code ?? (error as Error).message})`);
  }
  const near = nearest(basename(path), neighbours(dirname(path)));
  return new MugiError({
    code: 'missing-file',
    message: `there is no such ${kind.what}`,
    path,
    expected: kind.expected,
    nearest: near === undefined ? undefined : path.slice(0, path.length - basename(path).length) + near,
  });
}

function neighbours(folder: string): string[] {
  try {
    const names = readdirSync(folder);
    return names.length <= MOST_NEIGHBOURS ? names : [];
  } catch {
    return [];
  }
}
