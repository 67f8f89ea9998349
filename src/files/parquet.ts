import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { deserialize } from 'node:v8';
import { MugiError } from '../errors.ts';
import { machineMemory } from './memory.ts';
import { type FileKind, readBytes } from './read.ts';

/** What a Parquet file holds. */
export interface ParquetContent {
  /** What it says of itself, by key. */
  readonly entries: ReadonlyMap<string, string>;
  /** Its rows by the names of their columns; none where only its entries were asked for. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What the child is asked, and how it ends: `parquet-child.ts`. */
export interface ParquetJob {
  readonly paths: readonly string[];
  readonly rows: boolean;
  /** Seconds of computing. */
  readonly seconds: number;
  /** Bytes of memory. */
  readonly bytes: number;
}
/** What it says, one behind the other, each behind its length: of the file at that place, or why it cannot be read. */
export type ParquetPart =
  | {
      readonly at: number;
      readonly entries: readonly [string, string][];
      readonly rows: ParquetContent['rows'];
    }
  | { readonly at: number; readonly why: string };
export const TOO_LONG = 4;
export const TOO_MUCH = 5;

/** A file may take so much, and as much again for each of its bytes: several times what good files take. */
const SECONDS = 3;
const BYTES_A_SECOND = 2 ** 20;
const BYTES = 512 * 2 ** 20;
const BYTES_A_BYTE = 64;

/** First and last bytes (Parquet format, "File Format"), with the length of what describes the file between them. */
const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';
const SHORTEST = 12;

/**
 * Reads Parquet files (uncompressed or Snappy) in a process of their own, which is ended when it computes for too long or takes
 * too much memory: the library follows whatever lengths a broken file states.
 * @throws MugiError for a file that is none, is broken, or takes too much
 */
export async function readParquets(
  paths: readonly string[],
  kind: FileKind,
  { rows = true }: { rows?: boolean } = {},
): Promise<ParquetContent[]> {
  const refused = (path: string, message: string): MugiError =>
    new MugiError({
      code: 'invalid-file',
      message,
      path,
      expected: kind.expected ?? 'a whole Parquet file, uncompressed or with Snappy',
    });
  let size = 0;
  for (const path of paths) {
    const bytes = readBytes(path, kind);
    const message = mistakeIn(bytes);
    if (message !== undefined) throw refused(path, message);
    size += bytes.length;
  }
  const job: ParquetJob = {
    paths,
    rows,
    seconds: SECONDS + size / BYTES_A_SECOND,
    bytes: Math.min(BYTES + BYTES_A_BYTE * size, Math.max(BYTES, machineMemory() / 2)),
  };
  const { code, output } = await childFor(job);
  if (code === 0) {
    const contents = paths.map(() => ({
      entries: new Map<string, string>(),
      rows: [] as ParquetContent['rows'][number][],
    }));
    for (const part of partsOf(output)) {
      if ('why' in part) throw refused(paths[part.at], `the Parquet file cannot be read: ${part.why}`);
      const { entries, rows: found } = contents[part.at];
      for (const [key, value] of part.entries) entries.set(key, value);
      for (const row of part.rows) found.push(row);
    }
    return contents;
  }
  throw refused(paths[0], reasonOf(code, job));
}

/** Why the child ended without reading all. */
function reasonOf(code: number | null, { seconds, bytes }: ParquetJob): string {
  if (code === TOO_LONG) return `the Parquet file cannot be read in ${seconds.toFixed(0)} s of computing`;
  // What takes the memory at once ends the process by a signal.
  if (code === TOO_MUCH || code === null)
    return `the Parquet file takes more than ${Math.round(bytes / 2 ** 20)} MiB to read`;
  return `the Parquet file cannot be read: its reader ended with status ${code}`;
}

/** One Parquet file. */
export const readParquet = async (
  path: string,
  kind: FileKind,
  options?: { rows?: boolean },
): Promise<ParquetContent> => (await readParquets([path], kind, options))[0];

/** What is wrong with how a file begins and ends. */
function mistakeIn(bytes: Uint8Array): string | undefined {
  const at = (from: number): string =>
    new TextDecoder('latin1').decode(bytes.subarray(from, from + MAGIC.length));
  if (bytes.length === 0) return 'the file is empty';
  if (at(0) === ENCRYPTED) return 'the Parquet file is encrypted, which is not supported';
  if (at(0) !== MAGIC) return `this is no Parquet file: it does not begin with ${MAGIC}`;
  if (bytes.length >= SHORTEST && at(bytes.length - MAGIC.length) === MAGIC) return undefined;
  return `the Parquet file does not end with ${MAGIC}: it is cut short`;
}

function* partsOf(output: Buffer): Generator<ParquetPart> {
  for (let at = 0; at < output.length; ) {
    const end = at + 4 + output.readUInt32LE(at);
    yield deserialize(output.subarray(at + 4, end)) as ParquetPart;
    at = end;
  }
}

function childFor(job: ParquetJob): Promise<{ code: number | null; output: Buffer }> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const program = fileURLToPath(new URL(`./parquet-child.${extension}`, import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: Buffer.concat(parts) }));
  });
}
