import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'mugi-paper-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const mugi = (...args: string[]) =>
  spawnSync(process.execPath, [script, 'paper', ...args], { encoding: 'utf8' });

it('--out writes CSV, SVG and PNG and leaves no temporary file', () => {
  const out = join(folder, 'new', 'out');
  const { status, stdout, stderr } = mugi('table3', '--out', out);
  expect(status).toBe(0);
  expect(stderr.trim().split('\n')).toEqual(
    ['csv', 'svg', 'png'].map((ending) => `wrote ${join(out, `table3.${ending}`)}`),
  );
  expect(stdout).toContain('80 of 80');
  expect(readdirSync(out).sort()).toEqual(['table3.csv', 'table3.png', 'table3.svg']);
  expect(readFileSync(join(out, 'table3.csv'), 'utf8').trim().split('\n')).toHaveLength(81);
});

it('--json has paper, as_published and corrected in every row of Table 3', () => {
  const { status, stdout } = mugi('table3', '--json');
  expect(status).toBe(0);
  const { items } = JSON.parse(stdout) as { items: { item: string; rows: Record<string, unknown>[] }[] };
  expect(items.map(({ item }) => item)).toEqual(['table3']);
  expect(items[0].rows).toHaveLength(80);
  for (const row of items[0].rows) {
    for (const key of ['paper', 'as_published', 'corrected']) expect(row[key]).toBeTypeOf('number');
  }
});

it('headlines under repairs that are asked for stand beside the presets', () => {
  const asked = (...flags: string[]): Record<string, number>[] => {
    const { items } = JSON.parse(mugi('headlines', ...flags, '--json').stdout) as {
      items: { rows: Record<string, number>[] }[];
    };
    return items[0].rows;
  };
  for (const row of asked('--preset', 'corrected')) expect(row.asked).toBe(row.corrected);
  for (const row of asked('--preset', 'as-published')) expect(row.asked).toBe(row.as_published);
  const rows = asked('--preset', 'as-published', '--with', 'fill-drain');
  for (const row of rows) expect(row.asked / row['with_fill-drain']).toBeCloseTo(1, 3);
  expect(rows.some((row) => row.asked !== row.as_published)).toBe(true);
  const other = mugi('table3', '--with', 'fill-drain');
  expect([other.status, other.stderr]).toEqual([1, expect.stringContaining('--with has no effect: table3')]);
});

it('a file in the place of the folder: status 1, one message, nothing computed or written', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  const { status, stdout, stderr } = mugi('table3', '--out', file);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(file);
  expect(stderr).not.toContain('    at ');
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(existsSync(`${file}/table3.csv`)).toBe(false);
});

it('an unknown item names the nearest one', () => {
  const { status, stderr } = mugi('fig112');
  expect(status).toBe(1);
  expect(stderr).toContain('did you mean: fig11');
});

it('fig13 sets another technology beside the published one; the other items refuse it', () => {
  const { status, stdout } = mugi('fig13', '--technology', 'open-45', '--csv');
  expect(status).toBe(0);
  for (const name of ['adderbf16', 'fifo 16 × 8', 'register 1', 'mugi-256 all', 'sa-f-16 pe']) {
    expect(stdout).toContain(`,${name},`);
  }
  const refused = mugi('all', '--technology', 'open-45');
  expect([refused.status, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/table3 is about the published costs[\s\S]*fig13/);
  expect(mugi('fig13', '--technology', 'open-54').stderr).toContain('open-45');
});

it('--text, --block and --tokens choose what an item of a real model runs on', () => {
  const text = join(folder, 'text.txt');
  writeFileSync(
    text,
    Array.from({ length: 200 }, (_, i) => `Chapter ${i}: ${i * i} whales were seen.`).join(' '),
  );
  const { stdout } = mugi('fig4', '--text', text, '--block', '16', '--tokens', '32');
  // Two blocks of 16 queries, each row with the keys up to its own, in 8 heads.
  expect(stdout).toMatch(new RegExp(`softmax +0 +${2 * 8 * ((16 * 17) / 2)} `));
  const other = join(folder, 'other.txt');
  writeFileSync(other, 'It was a dark and stormy night. '.repeat(30));
  const rows = (path: string) =>
    mugi('fig4', '--csv', '--text', path, '--block', '16', '--tokens', '32').stdout;
  expect(rows(text)).not.toBe(rows(other));
  const short = mugi('fig7', '--text', text, '--block', '1000000');
  expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('--block')]);
});

it.each([
  ['--text', 'a.txt'],
  ['--block', '16'],
  ['--tokens', '32'],
])('%s is refused beside an item that runs no model', (flag, value) => {
  const { status, stderr } = mugi('table3', flag, value);
  expect(status).toBe(1);
  expect(stderr).toContain('table3 runs no model');
  expect(stderr).toContain(flag);
});
