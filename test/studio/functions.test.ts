import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

describe.skipIf(withoutBrowser())('the Functions view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it.each([
    ['#/functions?v=1', 'mean_abs_rel_error'],
    [
      '#/functions?v=1&.function=exp&.lo=-6&.hi=1&.mantissa=4&.methods=vlp%2Ctaylor-fair',
      'mean_abs_rel_error',
    ],
    ['#/functions?v=1&.function=gelu&.mantissa=2&.methods=vlp%2Cpa%2Cpwl-fair', 'mean_abs_rel_error'],
    ['#/functions?v=1&.function=softmax&.scores=1%2C2%2C-3.5%2C2', 'y'],
  ])('shows what its command prints: %s', async (fragment, key) => {
    const page = await studio.open(fragment);
    await page.waitForSelector('td data');
    const values = await page.$$eval('td data', (cells) =>
      cells.map((cell) => Number(cell.getAttribute('value'))),
    );
    const command = await page.locator('.command code').innerText();
    const printed = JSON.parse(
      await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2)),
    ) as {
      rows: Record<string, number>[];
    };
    expect(values.length).toBeGreaterThan(3);
    const sorted = (list: readonly number[]) =>
      list.filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
    const [shown, known] = [sorted(values), sorted(printed.rows.map((row) => row[key] ?? Number.NaN))];
    if (key === 'y') expect(shown).toEqual(known);
    // ECMA-262 lets Math.exp and its kin differ between builds of an engine: the exact values that errors are against may
    // be one unit in the last place apart.
    expect(shown.length).toBe(known.length);
    for (const [i, value] of shown.entries())
      expect(Math.abs(value - known[i])).toBeLessThanOrEqual(1e-12 * Math.abs(known[i]));
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('follows its sliders, and refuses scores that are none', async () => {
    const page = await studio.open('#/functions?v=1&.function=softmax');
    const answers = () => page.locator('td data').allInnerTexts();
    const before = await answers();
    await page.getByRole('slider', { name: 'Mantissa' }).press('ArrowLeft');
    await expect.poll(answers, { timeout: 60_000 }).not.toEqual(before);
    await page.getByLabel('Scores').fill('1, two');
    await page.waitForSelector('.error');
    await page.getByLabel('Scores').fill('1, 2');
    await page.waitForSelector('.error', { state: 'detached' });
    await page.close();
  });
});
