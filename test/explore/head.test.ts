import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { type Head, headIn } from '../../src/explore/parquet.ts';
import { resultOf } from '../../src/explore/result.ts';
import { Space } from '../../src/explore/space/space.ts';
import { readParquet } from '../../src/files/parquet.ts';
import { ran } from '../fuzz/command-line.ts';
import { dice, mutateJson } from '../fuzz/mutate.ts';

const KEY = 'mugi.explore';
const folder = mkdtempSync(join(tmpdir(), 'mugi-head-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const path = join(folder, 'good.parquet');
const asked = ['explore', '--model', 'llama-2-7b', '--vary', 'height=64..256:64', '--within', 'area_mm2<=8'];
expect((await ran([...asked, '--parquet', path])).status).toBe(0);
const { entries } = await readParquet(path, { what: 'result', limit: 2 ** 30 }, { rows: false });
const text = entries.get(KEY)!;

/** The head with something in it changed. */
function changed(change: (head: Head) => void): string {
  const head = JSON.parse(text) as Head;
  change(head);
  return JSON.stringify(head);
}

it('what a file of points says of itself is used, or refused with the place, whatever it says', () => {
  expect(headIn(entries, path)).toEqual(JSON.parse(text));
  let refused = 0;
  for (let index = 0; index < 400; index++) {
    try {
      headIn(new Map([[KEY, mutateJson(text, dice(5, index))]]), 'x.parquet');
    } catch (error) {
      if (!(error instanceof MugiError)) throw error;
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(40);
  // What is accepted unchanged gives a result.
  const { plan, tally } = headIn(entries, path);
  expect(resultOf(new Space(plan), tally).tally).toEqual(tally);
});

/** A Parquet file whose points are none of a space, and that says so much of itself. */
const fileSaying = (head: string): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [{ name: 'point', data: [0, 1], type: 'INT32' as const }],
      kvMetadata: [{ key: KEY, value: head }],
    }),
  );

it('mugi explore takes no part of a store up again whose head is not its own', async () => {
  const store = join(folder, 'store');
  expect((await ran([...asked, '--store', store])).status).toBe(0);
  const [part] = readdirSync(store);
  writeFileSync(join(store, part!), fileSaying('{"mugi": "x"}'));
  const { status, stderr } = await ran([...asked, '--store', store]);
  expect(status).toBe(1);
  expect(stderr).toContain(`${part}: mugi.explore.digest`);
  expect(stderr).toContain('what the file says of its points is not what mugi explore writes');
});

it.each([
  ['no tally', changed((head) => Reflect.deleteProperty(head, 'tally')), 'mugi.explore.tally'],
  ['a front of texts', changed(({ tally }) => Object.assign(tally, { front: ['a'] })), 'tally.front.0'],
  [
    'costs of another search',
    changed(({ tally }) => void tally.front[0]!.costs.push(1)),
    'not of its objectives',
  ],
  [
    'another space',
    changed(({ plan }) => void plan.where.push('height<128')),
    'is not the one that its points are of',
  ],
  ['an array', '[]', 'mugi.explore'],
  ['no JSON', '{"mugi": ', 'mugi.explore'],
])('mugi explore show refuses a head with %s in one message', async (name, head, told) => {
  const file = join(folder, `${name}.parquet`);
  writeFileSync(file, fileSaying(head));
  const { status, stdout, stderr } = await ran(['explore', 'show', file]);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^mugi: /);
  expect(stderr).toContain(told);
});
