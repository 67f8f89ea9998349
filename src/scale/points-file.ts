import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { MugiError } from '../errors.ts';
import { chunkOf, type Range, rangesOf, rowsAt, type Rows } from '../explore/chunk.ts';
import { columnsFrom, columnsOfRows, headEntry, headIn } from '../explore/parquet.ts';
import { type Result, resultOf } from '../explore/result.ts';
import { Space } from '../explore/space/space.ts';
import { Walker } from '../explore/walk.ts';
import { readParquet } from '../files/parquet.ts';
import type { FileKind } from '../files/read.ts';
import { writeAsideAtomic } from '../files/write.ts';
import { version } from '../version.ts';
import { digestOf, type Store } from './store.ts';

const RESULT: FileKind = {
  what: 'result of a search',
  limit: 2 ** 31,
  expected: 'a Parquet file that mugi explore --parquet wrote',
};

/** Writes a result with its points as one Parquet file, a row group a part, so that memory is bounded. */
export async function writeResultFile(
  path: string,
  { space, tally, searched, raced }: Result,
  store?: Store,
): Promise<void> {
  const walker = new Walker(space);
  const names = walker.metrics.map(({ name }) => name);
  const none = rowsAt(walker, []);
  const head = {
    mugi: version,
    digest: digestOf(space.plan),
    plan: space.plan,
    tally,
    ...(searched === undefined ? {} : { searched }),
    ...(raced === undefined ? {} : { raced }),
  };
  await writeAsideAtomic(path, async (neighbour) => {
    const writer = new ParquetWriter({
      writer: fileWriter(neighbour),
      schema: schemaFromColumnData({ columnData: columnsOfRows(space, names, none) }),
      kvMetadata: [headEntry(head)],
    });
    const add = async (rows: Rows): Promise<void> => {
      const typed = columnsOfRows(space, names, rows);
      if (rows.index.length > 0)
        await writer.write({
          columnData: typed.map(({ name, data }) => ({ name, data })),
          rowGroupSize: rows.index.length,
        });
    };
    if (searched !== undefined)
      await add(
        rowsAt(
          walker,
          [...tally.front, ...tally.samples].map(({ index }) => index),
        ),
      );
    else for (const range of rangesOf(space.size)) await add(await rowsIn(space, range, walker, store));
    await writer.finish();
  });
}

async function rowsIn(space: Space, range: Range, walker: Walker, store: Store | undefined): Promise<Rows> {
  if (store === undefined) return chunkOf(space, range, walker).rows;
  return columnsFrom(
    await store.rows(range),
    walker.metrics.map(({ name }) => name),
  );
}

/** The result in a file that `writeResultFile` wrote; the front is evaluated anew by this version. */
export async function readResultFile(path: string): Promise<Result & { mugi: string; digest: string }> {
  const { entries } = await readParquet(path, RESULT, { rows: false });
  const { plan, tally, searched, raced, mugi, digest } = headIn(entries, path);
  // Digests of other versions are of other tables.
  if (mugi === version && digestOf(plan) !== digest) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the space that the file describes is not the one that its points are of',
      path,
      expected: RESULT.expected,
    });
  }
  return { ...resultOf(new Space(plan), tally, { searched, raced }), mugi, digest };
}
