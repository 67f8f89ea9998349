import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { readParquet, readParquets } from '../../src/files/parquet.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-parquet-'));
const KIND = { what: 'text file', limit: 2 ** 20 };
function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const texts = (data: readonly string[], options: object = {}): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'text', data: [...data], type: 'STRING' }], ...options }),
  );
const SHORT = texts(['a text', '', 'a text', 'another'], { statistics: false });

it('gives rows and what the file says of itself, of several files in their order', async () => {
  const rows = Array.from({ length: 2500 }, (_, i) => `row ${i}`);
  const paths = [
    file('a.parquet', texts(rows, { rowGroupSize: 1000, kvMetadata: [{ key: 'of', value: 'rows' }] })),
    file('b.parquet', SHORT),
  ];
  const [long, short] = await readParquets(paths, KIND);
  expect(long.rows.map(({ text }) => text)).toEqual(rows);
  expect(long.entries.get('of')).toBe('rows');
  expect(short.rows).toEqual([{ text: 'a text' }, { text: '' }, { text: 'a text' }, { text: 'another' }]);
  const { entries, rows: none } = await readParquet(paths[0], KIND, { rows: false });
  expect([entries.get('of'), none]).toEqual(['rows', []]);
});

it.each([
  ['empty', new Uint8Array(), 'the file is empty'],
  ['other', Buffer.from('a,b\n1,2\n'), 'does not begin with PAR1'],
  ['encrypted', Buffer.from('PARE0000PARE'), 'is encrypted'],
  ['cut', SHORT.subarray(0, -5), 'cut short'],
  ['short', Buffer.from('PAR1PAR1'), 'cut short'],
  ['hollow', Buffer.from('PAR1\0\0\0\0PAR1'), 'cannot be read'],
  [
    'gzip',
    texts(['a'.repeat(100)], { codec: 'GZIP', compressors: { GZIP: (bytes: Uint8Array) => bytes } }),
    'compressed with GZIP',
  ],
])('refuses a file that is %s for what it is', async (name, bytes, because) => {
  const path = file(`${name}.parquet`, bytes);
  await expect(readParquet(path, KIND)).rejects.toMatchObject({
    details: { code: 'invalid-file', path },
    message: expect.stringContaining(because) as string,
  });
});

it('ends the reading of a file that states more values than it has', async () => {
  const bytes = Uint8Array.from(SHORT);
  // The number of values in the header of the first page: as a varint it goes on into the next fields.
  bytes[16] |= 0x80;
  await expect(readParquet(file('endless.parquet', bytes), KIND)).rejects.toThrow('in 3 s of computing');
});

it('ends the reading of a small file that unpacks to gigabytes', async () => {
  // Stored once, in a dictionary.
  const long = 'x'.repeat(5000);
  const bytes = texts(Array.from({ length: 300_000 }, () => long));
  expect(bytes.length).toBeLessThan(2 ** 18);
  await expect(readParquet(file('bomb.parquet', bytes), KIND)).rejects.toThrow('MiB to read');
});
