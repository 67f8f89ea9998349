import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PURE_ITEMS } from '../../src/paper/pure.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

describe.skipIf(withoutBrowser())('the Paper view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it.each(['headlines', 'table3', 'fig15'])('shows what mugi paper prints: %s', async (item) => {
    const page = await studio.open(`#/paper?v=1&.item=${item}`);
    await page.waitForSelector('td data', { timeout: 60_000 });
    const shown = await page.$$eval('tbody tr', (rows) =>
      rows.map((row) => [...row.querySelectorAll('data')].map((cell) => Number(cell.getAttribute('value')))),
    );
    const command = await page.locator('.command code').innerText();
    const printed = JSON.parse(
      await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2)),
    ) as {
      items: { rows: Record<string, unknown>[]; summary?: Record<string, unknown>[] }[];
    };
    const [{ rows, summary }] = printed.items;
    const known = (summary ?? rows).slice(0, 300).map((row) =>
      Object.entries(row)
        .filter(([name, value], i) => i > 0 && typeof value === 'number' && !name.startsWith('with_'))
        .map(([, value]) => value),
    );
    expect(shown.length).toBeGreaterThan(8);
    // ECMA-262 lets Math.log and its kin, which geometric means take, differ between builds of an engine.
    expect(shown.map((row) => row.length)).toEqual(known.map((row) => row.length));
    for (const [i, row] of shown.entries()) {
      const other = (known[i] as number[]).toSorted((a, b) => a - b);
      for (const [k, value] of row.toSorted((a, b) => a - b).entries())
        expect(Math.abs(value - other[k])).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(other[k])));
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('goes from item to item, each with its figures', async () => {
    const page = await studio.open('#/paper?v=1');
    for (const { name } of PURE_ITEMS) {
      await page.getByLabel('Item').selectOption(name);
      await page.waitForSelector(`text=npx mugi paper ${name} --json`, { timeout: 120_000 });
      expect(await page.locator('tbody tr').count(), name).toBeGreaterThan(0);
    }
    expect(await page.locator('figure').count()).toBeGreaterThan(0);
    expect(page.url()).toContain(`.item=${PURE_ITEMS.at(-1)!.name}`);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
