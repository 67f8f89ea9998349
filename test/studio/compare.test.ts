import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers } from '../../src/compare/answers.ts';
import { COLUMNS, comparison } from '../../src/compare/comparison.ts';
import { comparisonJson } from '../../src/compare/comparison-rows.ts';
import { designNames } from '../../src/design/index.ts';
import { random } from '../../src/number/random.ts';
import { readable } from '../../src/present/readable.ts';
import { REPAIR_NAMES } from '../../src/published/preset.ts';
import { parse } from '../../src/question/command.ts';
import { MODELS } from '../../src/workload/models.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { type OpenedPage, openStudio, type Studio, withoutBrowser } from './browser.ts';

interface Shown {
  command: string;
  error: string | undefined;
  designs: { design: string; values: { metric: string; value: number; text: string; gain: number }[] }[];
}

/** Runs in the page: shows states one after another, and reads the numbers of the table at full precision. */
async function readStates(fragments: string[]): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const fragment of fragments) {
    if (fragment !== location.hash) {
      const changed = new Promise((done) => window.addEventListener('popstate', done, { once: true }));
      location.hash = fragment;
      await changed;
      await new Promise((done) => setTimeout(done, 20));
    }
    const rows = [...document.querySelectorAll('table.merits tbody tr')];
    shown.push({
      command: document.querySelector('.command code')?.textContent ?? '',
      error: document.querySelector('.error')?.textContent ?? undefined,
      designs: rows.map((row) => ({
        design: row.getAttribute('data-design') ?? '',
        values: [...row.querySelectorAll('td[data-metric]')].map((cell) => {
          const [value, gain] = cell.querySelectorAll('data');
          return {
            metric: cell.getAttribute('data-metric') ?? '',
            value: Number(value.getAttribute('value')),
            text: value.textContent ?? '',
            gain: Number(gain?.getAttribute('value')),
          };
        }),
      })),
    });
  }
  return shown;
}

const statesOf = (page: OpenedPage, fragments: string[]): Promise<Shown[]> =>
  page.evaluate(readStates, fragments);

const numbersOf = async (page: OpenedPage): Promise<Shown['designs']> => {
  const hash = await page.evaluate(() => location.hash);
  return (await statesOf(page, [hash]))[0].designs;
};

/** Slower machines than any that tests run on. */
const PATIENT = { timeout: 60_000 };

const commandOn = (page: OpenedPage): Promise<string> => page.locator('.command code').first().innerText();

/** A seeded state of every control. */
function randomState(seed: number): string {
  const draw = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)];
  const words = new URLSearchParams({ v: '1', model: pick(MODELS).name });
  const names = designNames();
  words.set(
    'designs',
    [...new Set(Array.from({ length: 1 + Math.floor(draw() * 5) }, () => pick(names)))].join(),
  );
  const context = 2 ** (6 + Math.floor(draw() * 8));
  words.set('batch', String(2 ** Math.floor(draw() * 8)));
  words.set('context', String(context));
  words.set('prefill', String(1 + Math.floor(draw() * context)));
  if (draw() < 0.5) words.set('weightBits', pick(['4', '8', '16']));
  if (draw() < 0.5) words.set('dramBandwidth', String(Math.ceil(draw() * 2000)));
  if (draw() < 0.5) words.set('carbonIntensity', String(Math.ceil(draw() * 900)));
  if (draw() < 0.3) words.set('technology', 'open-45');
  if (draw() < 0.3) words.set('preset', 'as-published');
  else if (draw() < 0.5) words.set('without', pick(REPAIR_NAMES));
  return `#/compare?${words}`;
}

describe.skipIf(withoutBrowser())('the Compare view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('shows what mugi compare --json prints for the copied command', async () => {
    const page = await studio.open();
    const [, , ...args] = (await commandOn(page)).split(' ');
    const printed = JSON.parse(await outputOf(await commandLine(process.cwd()), args)) as {
      designs: Record<string, number>[];
    };
    const shown = await numbersOf(page);
    expect(shown.map(({ design }) => design)).toEqual(printed.designs.map(({ design }) => design));
    for (const [i, { values }] of shown.entries()) {
      for (const { metric, value } of values) expect(value, metric).toBe(printed.designs[i][metric]);
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('shows the numbers of the copied command in 200 random states', { timeout: 600_000 }, async () => {
    const page = await studio.open();
    const fragments = Array.from({ length: 200 }, (_, i) => randomState(i + 1));
    for (const [at, { command, error, designs: shown }] of (await statesOf(page, fragments)).entries()) {
      const fragment = fragments[at];
      expect(error, fragment).toBe(undefined);
      const { evaluations, baseline, sources } = answers(
        parse(command.replace(/^npx /, '').replace(/ --json$/, '')),
      );
      const { designs } = comparisonJson(comparison(evaluations, baseline), command, sources) as {
        designs: (Record<string, number> & { ratios: Record<string, number> })[];
      };
      expect(shown.length, fragment).toBe(designs.length);
      for (const [i, { design, values }] of shown.entries()) {
        expect(design).toBe(designs[i].design);
        for (const { metric, value, text, gain } of values) {
          const expected = designs[i][metric];
          const { better } = COLUMNS.find((column) => column.metric === metric)!;
          expect(value, `${fragment} ${design} ${metric}`).toBe(expected);
          expect(text).toBe(readable(expected));
          const ratio = designs[i].ratios[metric];
          if (ratio > 0) expect(gain).toBe(better === 'higher' ? ratio : 1 / ratio);
        }
      }
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('loads less than 300 kB, compressed, before its first answer', async () => {
    const { browser, address, folder, close } = await openStudio(true);
    const page = await browser.newPage();
    const files: string[] = [];
    page.on('request', (request) => files.push(new URL(request.url()).pathname));
    await page.goto(address);
    await page.waitForSelector('table.merits');
    const bytes = files.map((path) =>
      path === '/' ? readFileSync(`${folder}/index.html`) : readFileSync(folder + path),
    );
    const size = bytes.reduce((sum, content) => sum + gzipSync(content).length, 0);
    expect(files.length).toBeGreaterThan(3);
    expect(size).toBeLessThan(300_000);
    await close();
  });

  it('follows a slider, writes the address, and Back undoes the whole gesture', async () => {
    const page = await studio.open();
    const before = await numbersOf(page);
    const slider = page.getByRole('slider', { name: 'Batch' });
    await slider.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => location.hash.includes('batch=64'));
    expect(await commandOn(page)).toContain('--batch 64');
    expect(await numbersOf(page)).not.toEqual(before);
    await page.goBack();
    expect(await commandOn(page)).toContain('--batch 8');
    expect(await numbersOf(page)).toEqual(before);
    await page.close();
  });

  it('pins a state, and shows ratios to it', async () => {
    const page = await studio.open('#/compare?v=1&designs=mugi-256%2Csa-16');
    const ratio = () => page.locator('[data-metric="tokens_per_s"] .pinned').first();
    await page.getByRole('button', { name: 'Pin this state' }).click();
    await page.getByLabel('Bandwidth, exact').fill('8');
    await expect.poll(() => ratio().textContent(), PATIENT).not.toContain('1.00× pinned');
    await page.reload();
    await page.waitForSelector('.pinned');
    await page.getByRole('button', { name: 'Go back to it' }).click();
    await expect.poll(() => ratio().textContent(), PATIENT).toContain('1.00× pinned');
    await page.close();
  });

  it('draws the figures of the command line when they come into view', async () => {
    const page = await studio.open();
    expect(await page.locator('.drawing svg').count()).toBe(0);
    await page.locator('#figures').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('.drawing svg').count(), PATIENT).toBe(4);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'SVG of Where the time goes' }).click();
    const svg = readFileSync(await (await saved).path(), 'utf8');
    expect(svg).toMatch(/^<svg[^]*mugi-256[^]*<\/svg>$/);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('explains a number as a tree, with the command that prints it', async () => {
    const page = await studio.open();
    await page
      .locator('tr[data-design="mugi-256"] td[data-metric="energy_per_token_J"] button')
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => dialog.locator('.tree li').count(), PATIENT).toBe(3);
    await dialog.getByText('energy_J', { exact: true }).click();
    await dialog.getByText('energy_dynamic_J', { exact: true }).click();
    await expect.poll(() => dialog.locator('.tree li').count(), PATIENT).toBeGreaterThan(7);
    expect(await dialog.locator('.command code').innerText()).toContain('--why energy_per_token_J');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url(), PATIENT).not.toContain('why');
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
