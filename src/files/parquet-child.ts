import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { serialize } from 'node:v8';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { readFileSync } from 'node:fs';
import { type ParquetJob, type ParquetPart, TOO_LONG, TOO_MUCH } from './parquet.ts';

// The program of a process that reads Parquet files for `parquet.ts`: one thread reads, the other watches it.

/** Rows of a file; a broken one may claim any number. */
const MOST_ROWS = 1e7;
const READ = new Set(['UNCOMPRESSED', 'SNAPPY']);
/** How often time and memory are looked at. */
const WATCH_MS = 20;

function watch(job: ParquetJob): void {
  const { seconds, bytes } = job;
  const resourceLimits = { maxOldGenerationSizeMb: Math.ceil(bytes / 2 ** 20) };
  const worker = new Worker(new URL(import.meta.url), { workerData: job, resourceLimits });
  const begun = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(begun);
    if ((user + system) / 1e6 > seconds) process.exit(TOO_LONG);
    if (process.memoryUsage.rss() > bytes) process.exit(TOO_MUCH);
  }, WATCH_MS);
  worker.on('message', (part: Uint8Array) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(part.length);
    process.stdout.write(size);
    process.stdout.write(part);
  });
  worker.on('error', () => process.exit(TOO_MUCH));
  worker.on('exit', (code) => {
    clearInterval(timer);
    process.exitCode = code;
  });
}

/** Reads the files part by part, so that few rows are held at a time. */
async function answer({ paths, rows }: ParquetJob, part: (part: ParquetPart) => void): Promise<void> {
  for (const [at, path] of paths.entries()) {
    try {
      await read(path, rows, (content) => part({ at, ...content }));
    } catch (error) {
      part({ at, why: (error as Error).message });
      return;
    }
  }
}

type Content = Omit<Extract<ParquetPart, { rows: unknown }>, 'at'>;

async function read(path: string, rows: boolean, part: (content: Content) => void): Promise<void> {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const file = buffer.slice(byteOffset, byteOffset + byteLength);
  const metadata = parquetMetadata(file);
  const { key_value_metadata: stated = [], row_groups: groups, num_rows: all } = metadata;
  part({ entries: stated.map(({ key, value = '' }) => [key, value]), rows: [] });
  if (!rows) return;
  const sizes = groups.map(({ num_rows: count }) => Number(count));
  if (Number(all) > MOST_ROWS || sizes.some((size) => size < 0 || size > MOST_ROWS))
    throw new Error(`it claims ${all} rows`);
  const other = codecs(metadata).find((codec) => !READ.has(codec));
  if (other !== undefined) throw new Error(`it is compressed with ${other}`);
  for (let group = 0, rowStart = 0; group < sizes.length; rowStart += sizes[group++]) {
    const rowEnd = rowStart + sizes[group];
    part({ entries: [], rows: await parquetReadObjects({ file, metadata, rowStart, rowEnd }) });
  }
}

const codecs = ({ row_groups: groups }: FileMetaData): string[] =>
  groups.flatMap(({ columns }) => columns.map(({ meta_data: about }) => about?.codec ?? 'UNCOMPRESSED'));

if (isMainThread) watch(JSON.parse(process.argv[2]) as ParquetJob);
else {
  await answer(workerData as ParquetJob, (part) => {
    const bytes = serialize(part);
    parentPort!.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  });
}
