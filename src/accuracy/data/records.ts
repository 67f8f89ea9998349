import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { MugiError } from '../../errors.ts';
import { readBytes, readText } from '../../files/read.ts';
import { type JsonLine, jsonLines } from './json-lines.ts';

/** Rows of a data set; a broken file may claim any number. */
const MOST_RECORDS = 1e7;
/** Bytes of a data set. */
export const LIMIT = 400 * 2 ** 20;
const LINES = /\.(jsonl|ndjson)$/i;
const PARQUET = /\.parquet$/i;

export const isLines = (path: string): boolean => LINES.test(path);

export const isParquet = (path: string): boolean => PARQUET.test(path);

/**
 * The records of a data set as it comes: JSON lines, or the rows of a Parquet file (uncompressed or Snappy, as data sets are
 * written).
 * @throws MugiError for another kind of file, and for one that is broken
 */
export async function readRecords(path: string, what: string): Promise<JsonLine[]> {
  if (isLines(path)) return jsonLines(readText(path, { what, limit: LIMIT }), path);
  if (!isParquet(path)) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the name does not say how the ${what} is written`,
      path,
      expected: 'a file that ends in .jsonl, .ndjson or .parquet',
    });
  }
  const bytes = readBytes(path, { what, limit: LIMIT });
  const rows = await rowsOf(bytes, path);
  return rows.map((values, i) => ({ at: `${path}: row ${i}`, values }));
}

async function rowsOf(bytes: Uint8Array<ArrayBuffer>, path: string): Promise<Record<string, unknown>[]> {
  const { buffer, byteOffset, byteLength } = bytes;
  const file = buffer.slice(byteOffset, byteOffset + byteLength);
  try {
    const metadata = parquetMetadata(file);
    if (Number(metadata.num_rows) > MOST_RECORDS) throw new Error(`it claims ${metadata.num_rows} rows`);
    return await parquetReadObjects({ file, metadata });
  } catch (error) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the Parquet file cannot be read: ${(error as Error).message}`,
      path,
      expected: 'a whole Parquet file, uncompressed or with Snappy',
    });
  }
}
