import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { MugiError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { type Chunk, columnsOf, parameterAt, type Rows } from './chunk.ts';
import { HEAD } from './head-schema.ts';
import type { Result } from './result.ts';
import type { Plan } from './space/plan.ts';
import type { Space } from './space/space.ts';
import type { Tally } from './tally.ts';

/** Under which a file of points says what it is of. */
const KEY = 'mugi.explore';
/** Under which a file of any rows says where they come from. */
const ROWS_KEY = 'mugi.rows';

/** What a file of points is of: enough to go on from it. */
export interface Head {
  mugi: string;
  digest: string;
  plan: Plan;
  tally: Tally;
  /** How the space was searched, where not every point was evaluated. */
  searched?: Result['searched'];
  /** Losses that were raced. */
  raced?: Result['raced'];
}

/** Largest number of a point that fits a column of 32 bits. */
const INT32 = 2 ** 31;

/** Points as columns: `point`, `outcome`, one a parameter, one a metric; null where there is no number. */
export function columnsOfRows(space: Space, metrics: readonly string[], rows: Rows): ColumnSource[] {
  const wide = space.size >= INT32;
  const parameters = columnsOf(space).map((name) => {
    const data = parameterAt(space, rows.index, name);
    const sample = space.plan.varied.find((one) => one.name === name)?.values[0] ?? '';
    const type = typeof sample === 'number' ? 'DOUBLE' : typeof sample === 'boolean' ? 'BOOLEAN' : 'STRING';
    return { name, data, type, nullable: true } as const;
  });
  return [
    {
      name: 'point',
      data: wide ? rows.index.map(BigInt) : rows.index,
      type: wide ? 'INT64' : 'INT32',
      nullable: false,
    },
    { name: 'outcome', data: rows.outcome, type: 'STRING', nullable: false },
    ...parameters,
    ...metrics.map((name, k) => ({
      name,
      data: rows.values[k].map((value) => (Number.isNaN(value) ? null : value)),
      type: 'DOUBLE' as const,
      nullable: true,
    })),
  ];
}

/** What a file says of itself, as Parquet keeps it. */
export const headEntry = (head: Head): { key: string; value: string } => ({
  key: KEY,
  value: JSON.stringify(head),
});

/** Rows of a chunk as a Parquet file. */
export const encode = (
  space: Space,
  metrics: readonly string[],
  { rows }: Pick<Chunk, 'rows'>,
  head: Head,
): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({ columnData: columnsOfRows(space, metrics, rows), kvMetadata: [headEntry(head)] }),
  );

const whole = (bytes: Uint8Array): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
    ? buffer
    : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
};

/** What a file says of itself, by key; nothing of a file that is no Parquet. */
function entriesOf(bytes: Uint8Array): Map<string, string> {
  try {
    const stated = parquetMetadata(whole(bytes)).key_value_metadata ?? [];
    return new Map(stated.map(({ key, value = '' }) => [key, value]));
  } catch {
    return new Map();
  }
}

/** What the entries of a file of `encodeRows` say of the origin of its rows; nothing for another. */
export function rowsHeadIn(entries: ReadonlyMap<string, string>): unknown {
  const text = entries.get(ROWS_KEY);
  return text === undefined ? undefined : parseJson(text, ROWS_KEY);
}

/**
 * What the entries of a file of points say of it.
 * @throws MugiError for a file that `encode` has not made
 */
export function headIn(entries: ReadonlyMap<string, string>, path: string): Head {
  const text = entries.get(KEY);
  if (text !== undefined) {
    const head = parseJson(text, `${path}: ${KEY}`);
    const checked = HEAD.safeParse(head);
    // As it was written: nothing that the schema does not know is lost.
    if (checked.success) return head as Head;
    const [{ path: keys, message }] = checked.error.issues;
    throw new MugiError({
      code: 'invalid-file',
      message: `what the file says of its points is not what mugi explore writes: ${message}`,
      path: `${path}: ${[KEY, ...keys].join('.')}`,
      expected: 'a Parquet file that mugi explore wrote',
    });
  }
  throw new MugiError({
    code: 'invalid-file',
    message: 'the file holds no points of a space',
    path,
    expected: 'a Parquet file that mugi explore wrote',
  });
}

/** `headIn` of a file that mugi wrote itself; one of another's goes through `files/parquet.ts`. */
export const headOf = (bytes: Uint8Array, path: string): Head => headIn(entriesOf(bytes), path);

/** The rows of a file of points, one object each. */
export const rowsOf = (bytes: Uint8Array): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: whole(bytes) });

/** Rows as they were encoded, from the objects of a file. */
export function columnsFrom(objects: readonly Record<string, unknown>[], metrics: readonly string[]): Rows {
  return {
    index: objects.map(({ point }) => Number(point)),
    outcome: objects.map(({ outcome }) => outcome as Rows['outcome'][number]),
    values: metrics.map((name) => objects.map((row) => (row[name] ?? Number.NaN) as number)),
  };
}

/**
 * Any rows as a Parquet file: columns of numbers, of texts, and null where a row has no value.
 * @param head what the file says of their origin
 */
export function encodeRows(rows: readonly Readonly<Record<string, unknown>>[], head?: object): Uint8Array {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = names.map((name): ColumnSource => {
    const data = rows.map((row) => row[name] ?? null);
    const numbers = data.every((value) => value === null || typeof value === 'number');
    return numbers
      ? { name, data, type: 'DOUBLE', nullable: true }
      : {
          name,
          data: data.map((value) => (value === null ? null : String(value))),
          type: 'STRING',
          nullable: true,
        };
  });
  const kvMetadata = head === undefined ? [] : [{ key: ROWS_KEY, value: JSON.stringify(head) }];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}
