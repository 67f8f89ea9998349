import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

/** What a row of the table of errors shows. */
const ERRORS = ['mean_abs_rel_error', 'min_rel_error', 'max_rel_error', 'worst_x'];

describe.skipIf(withoutBrowser())('the Functions view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it.each([
    ['#/functions?v=1', ERRORS],
    ['#/functions?v=1&.function=exp&.lo=-6&.hi=1&.mantissa=4&.methods=vlp%2Ctaylor-fair', ERRORS],
    ['#/functions?v=1&.function=gelu&.mantissa=2&.methods=vlp%2Cpa%2Cpwl-fair', ERRORS],
    ['#/functions?v=1&.function=softmax&.scores=1%2C2%2C-3.5%2C2', ['exact', 'y', 'rel_error']],
  ])('shows what its command prints: %s', async (fragment, keys) => {
    const page = await studio.open(fragment);
    await page.waitForSelector('td data');
    const values = await page.$$eval('td data', (cells) =>
      cells.map((cell) => Number(cell.getAttribute('value'))),
    );
    const command = await page.locator('.command code').first().innerText();
    const printed = JSON.parse(
      await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2)),
    ) as {
      rows: Record<string, number>[];
    };
    expect(values.length).toBeGreaterThan(3);
    const sorted = (list: readonly number[]) =>
      // An exact value stands once beside all methods.
      [...new Set(list)].filter((one) => !Number.isNaN(one)).sort((a, b) => a - b);
    const [shown, known] = [
      sorted(values),
      sorted(printed.rows.flatMap((row) => keys.map((key) => row[key] ?? Number.NaN))),
    ];
    // ECMA-262 lets Math.exp and its kin differ between builds of an engine: the exact values that errors are against may
    // be one unit in the last place apart.
    expect(shown.length).toBe(known.length);
    for (const [i, value] of shown.entries())
      expect(Math.abs(value - known[i])).toBeLessThanOrEqual(1e-12 * Math.abs(known[i]));
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('counts the inputs of an embedded model as its command does, and reads its file', async () => {
    const page = await studio.open('#/functions?v=1&.function=silu');
    await page.getByRole('button', { name: 'Count its inputs here' }).click();
    const command = page.getByLabel('Command of the profile');
    await command.waitFor({ timeout: 400_000 });
    const text = await outputOf(
      await commandLine(process.cwd()),
      wordsOf(await command.innerText()).slice(2),
    );
    const { distributions } = JSON.parse(text) as {
      distributions: {
        function: string;
        inputs: number;
        exponents: { exponent: number; share: number }[];
      }[];
    };
    const own = distributions.filter((one) => one.function === 'silu');
    const total = own.reduce((sum, { inputs }) => sum + inputs, 0);
    const share = (exponent: number): number =>
      own.reduce((sum, one) => {
        const found = one.exponents.find((other) => other.exponent === exponent);
        return sum + ((found?.share ?? 0) * one.inputs) / total;
      }, 0);
    await page.getByText('Exponents as a table').click();
    const rows = () =>
      page.$$eval('td[data-share]', (cells) =>
        cells.map((cell) => [
          Number(cell.previousElementSibling?.textContent),
          Number(cell.getAttribute('data-share')),
        ]),
      );
    const shown = await rows();
    expect(shown.length).toBeGreaterThan(8);
    for (const [exponent, part] of shown) expect(part / share(exponent)).toBeCloseTo(1, 3);
    const other = await studio.open('#/functions?v=1&.function=silu');
    await other
      .getByLabel('Profile to open')
      .setInputFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await other.getByText('Exponents as a table').click();
    expect(await other.locator('td[data-share]').count()).toBe(shown.length);
    expect([...page.complaints, ...other.complaints]).toEqual([]);
    await page.close();
    await other.close();
  }, 600_000);

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
