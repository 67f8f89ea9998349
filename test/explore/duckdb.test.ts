import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/explore/parquet.ts';
import { commandLine, outputOf } from '../record/run.ts';

/** What this test uses of DuckDB. */
interface Duck {
  DuckDBInstance: {
    create(): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowObjects(): Record<string, unknown>[] }>;
        closeSync(): void;
      }>;
    }>;
  };
}
// No dependency: a name that the compiler does not look up.
const PACKAGE: string = '@duckdb/node-api';
const duck = (await import(PACKAGE).catch(() => undefined)) as Duck | undefined;
const required = process.env.MUGI_REQUIRE_TOOLS === '1';
if (duck === undefined && !required) console.warn('skipped: DuckDB (@duckdb/node-api) is not installed');

const folder = mkdtempSync(join(tmpdir(), 'mugi-duckdb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [, block] = /```sql\n([^]*?)```/.exec(readFileSync('docs/explore.md', 'utf8'))!;
/** The queries of the page, for the files of this test. */
const QUERIES = block
  .split(';')
  .map((query) => query.trim())
  .filter((query) => query !== '')
  .map((query) => query.replaceAll("'out/", `'${folder}/`));

type Row = Record<string, unknown>;
const number = (row: Row, name: string): number => Number(row[name]);

describe.skipIf(duck === undefined && !required)('the queries of docs/explore.md in DuckDB', () => {
  let rows: Row[] = [];
  let front: number[] = [];
  const answers: Row[][] = [];

  beforeAll(async () => {
    const mugi = await commandLine(process.cwd());
    const printed = await outputOf(mugi, [
      'explore',
      '--vary',
      'height=32..256:32,sram.*=16,32,64,mesh=1x1,2x2,batch=1..8,dramBandwidth=64..256',
      '--within',
      'area_mm2<=8',
      '--store',
      join(folder, 'points'),
      '--parquet',
      join(folder, 'result.parquet'),
      '--json',
    ]);
    front = (JSON.parse(printed) as { front: { point: number }[] }).front.map(({ point }) => point);
    // The same files by a reader that has nothing to do with DuckDB.
    rows = await rowsOf(new Uint8Array(readFileSync(join(folder, 'result.parquet'))));
    const connection = await (await duck!.DuckDBInstance.create()).connect();
    for (const query of QUERIES) answers.push((await connection.runAndReadAll(query)).getRowObjects());
    connection.closeSync();
  }, 120_000);

  it('are four, over several parts', () => {
    expect(QUERIES).toHaveLength(4);
    expect(readdirSync(join(folder, 'points')).length).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThan(5000);
  });

  it('count what became of the points', () => {
    const counted = new Map<unknown, number>();
    for (const { outcome } of rows) counted.set(outcome, (counted.get(outcome) ?? 0) + 1);
    expect(counted.size).toBeGreaterThan(1);
    expect(answers[0].map((row) => [row.outcome, number(row, 'points')])).toEqual(
      [...counted].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
  });

  it('find the best by one metric, with all that is kept of them', () => {
    const best = rows
      .filter(({ outcome }) => outcome === 'evaluated')
      .map((row) => number(row, 'energy_per_token_J'))
      .sort((a, b) => a - b)
      .slice(0, 10);
    expect(answers[1].map((row) => number(row, 'energy_per_token_J'))).toEqual(best);
    for (const row of answers[1]) {
      const own = rows.find(({ point }) => point === row.point)!;
      expect(Object.keys(row)).toEqual(Object.keys(own));
      expect(row).toEqual(own);
    }
  });

  it('sum up by a parameter', () => {
    const heights = [...new Set(rows.map((row) => number(row, 'height')))].sort((a, b) => a - b);
    expect(answers[2].map((row) => row.height)).toEqual(heights);
    for (const { height, least, fastest } of answers[2]) {
      const own = rows.filter((row) => row.height === height && row.outcome === 'evaluated');
      expect(least).toBe(Math.min(...own.map((row) => number(row, 'energy_per_token_J'))));
      expect(fastest).toBe(Math.max(...own.map((row) => number(row, 'tokens_per_s'))));
    }
  });

  it('find the front that mugi finds', () => {
    expect(front.length).toBeGreaterThan(3);
    expect(answers[3].map(({ point }) => point)).toEqual(front.toSorted((a, b) => a - b));
  });
});
