import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { type OpenedPage, openStudio, type Studio, withoutBrowser } from './browser.ts';

/** Slower machines than any that tests run on. */
const PATIENT = { timeout: 120_000 };

const DESIGNS = 'designs=mugi-256%2Csa-16%2Csa-16-pwl&batch=4';

interface Printed {
  designs: {
    design: string;
    energy_per_token_with_dram_J: number;
    accuracy: { loss_increase: number; loss_increase_ci95: number };
  }[];
}

const lossesOn = (page: OpenedPage): Promise<[string, number, number][]> =>
  page.$$eval('table.losses tbody tr', (rows) =>
    rows.map((row) => {
      const [energy, loss] = [...row.querySelectorAll('data')].map((cell) =>
        Number(cell.getAttribute('value')),
      );
      return [row.getAttribute('data-design') ?? '', energy, loss] as [string, number, number];
    }),
  );

const lossesIn = ({ designs }: Printed): [string, number, number][] =>
  designs.map((one) => [one.design, one.energy_per_token_with_dram_J, one.accuracy.loss_increase]);

describe.skipIf(withoutBrowser())('the Accuracy view', () => {
  let studio: Studio;
  const folder = mkdtempSync(join(tmpdir(), 'mugi-accuracy-page-'));
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
    rmSync(folder, { recursive: true });
  });

  it('measures the embedded model in the page as its command does', { timeout: 240_000 }, async () => {
    const page = await studio.open(`#/accuracy?v=1&${DESIGNS}&.tokens=64`);
    await page.getByRole('button', { name: 'Measure here' }).click();
    await page.waitForSelector('table.losses', PATIENT);
    const command = await page.locator('.command code').innerText();
    const text = await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2));
    const printed = JSON.parse(text) as Printed;
    expect(await lossesOn(page)).toEqual(lossesIn(printed));
    const why = page.locator('dialog');
    await page
      .getByTitle(/Why\? Loss/)
      .first()
      .click();
    expect(await why.locator('.command code').innerText()).toBe(command);
    await page.keyboard.press('Escape');
    await why.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.drawing svg').count(), PATIENT).toBe(1);

    // The file of that command shows the same, with its designs.
    const other = await studio.open('#/accuracy?v=1');
    expect(await other.locator('.empty').count()).toBe(1);
    await other
      .locator('input[type=file]')
      .setInputFiles({ name: 'compared.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    await other.waitForSelector('table.losses', PATIENT);
    expect(await lossesOn(other)).toEqual(lossesIn(printed));
    expect([...page.complaints, ...other.complaints]).toEqual([]);
    await page.close();
    await other.close();
  });

  it('reads what mugi accuracy --json wrote, and refuses what it did not', async () => {
    const row = {
      model: '<b>own</b>',
      part: 'all',
      tokens: 64,
      loss_increase: 0.01,
      loss_increase_ci95: null,
      tie: null,
      over_stored: 0.25,
      over_stored_ci95: 0.5,
      over_stored_tie: true,
      perplexity: 20,
      kl: 0.1,
    };
    const rows = ['vlp', 'pwl'].map((method) => ({ ...row, method }));
    const page = await studio.open(`#/accuracy?v=1&${DESIGNS}`);
    const drop = (content: string) =>
      page
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(content) });
    await drop(JSON.stringify(rows));
    await page.waitForSelector('table.losses', PATIENT);
    expect((await lossesOn(page)).map(([design, , loss]) => [design, loss])).toEqual([
      ['mugi-256', 0.25],
      ['sa-16-pwl', 0.25],
    ]);
    expect(await page.locator('tr.tie').count()).toBe(2);
    expect(await page.locator('main b').count()).toBe(0);
    // No command measures a model that only a file names.
    await page
      .getByTitle(/Why\? Loss/)
      .first()
      .click();
    await page.locator('dialog .answer').waitFor();
    expect(await page.locator('dialog .formula').first().innerText()).toContain('<b>own</b>, 64 targets');
    expect(await page.locator('dialog .command').count()).toBe(0);
    await page.keyboard.press('Escape');
    for (const bad of ['', '[]', '{}', '[1]', JSON.stringify([{ ...row, method: 'magic' }])]) {
      await drop(bad);
      await page.waitForFunction(() => document.querySelector('.drop .error') !== null);
    }
    expect(await page.locator('table.losses').count()).toBe(1);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('stops, and says what is missing where the model does not lie beside the page', PATIENT, async () => {
    const page = await studio.open(`#/accuracy?v=1&${DESIGNS}&.tokens=100000`);
    await page.getByRole('button', { name: 'Measure here' }).click();
    await page.getByText('Choosing windows').or(page.getByText('Measuring')).waitFor(PATIENT);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect(await page.getByRole('button', { name: 'Measure here' }).count()).toBe(1);
    await page.route('**/model.safetensors', (route) => route.fulfill({ status: 404, body: 'no' }));
    await page.getByRole('button', { name: 'Measure here' }).click();
    await page.getByText('does not lie beside this page').waitFor(PATIENT);
    await page.close();
  });
});
