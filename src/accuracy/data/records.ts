import { MugiError } from '../../errors.ts';
import { readParquet } from '../../files/parquet.ts';
import { readText } from '../../files/read.ts';
import { type JsonLine, jsonLines } from './json-lines.ts';

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
  const { rows } = await readParquet(path, { what, limit: LIMIT });
  return rows.map((values, i) => ({ at: `${path}: row ${i}`, values }));
}
