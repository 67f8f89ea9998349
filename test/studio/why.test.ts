import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBits } from '../../src/number/bf16.ts';
import { openStudio, type OpenedPage, type Studio, withoutBrowser } from './browser.ts';
import { MEASURED } from './measured.ts';

const PATIENT = { timeout: 60_000 };

/** Numbers of a view that are opened: of each kind one, and never more. */
const MOST = 20;

/** Metrics of points are kept as float32. */
const TOLERANCE = 1e-6;

/** A view, what is opened in it, and how many kinds of numbers it has at least. */
const VIEWS: readonly [name: string, fragment: string, kinds: number][] = [
  ['Compare', '#/compare?v=1&pin=batch%3D64', 20],
  ['Repairs', '#/repairs?v=1', 20],
  ['Explore', '#/explore?v=1&.space=vary%3A%20%7Bheight%3A%20%2232..256%22%7D&.point=1', 8],
  ['Operators', '#/operators?v=1&.pass=decode&.block=1&.op=q%C2%B7kT', 20],
  ['the node', '#/node?v=1', 5],
  ['Functions', '#/functions?v=1&.scores=1,-2.5', 8],
  ['softmax', '#/functions?v=1&.function=softmax', 5],
  [
    'Accuracy',
    `#/accuracy?v=1&designs=mugi-256%2Csa-16-pwl&.measured=${encodeURIComponent(JSON.stringify(MEASURED))}`,
    2,
  ],
  ['Paper', '#/paper?v=1&.item=table3', 3],
  ['Ablation', '#/paper?v=1&.item=ablation', 5],
];

/** Numbers that open, one of each kind: kinds differ in their words but for digits. */
const kindsOf = (page: OpenedPage): Promise<number[]> =>
  page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
    const seen = new Set<string>();
    return [...document.querySelectorAll<HTMLElement>('button.number[title^="Why?"]')].flatMap((one, at) => {
      const kind = one.title.replaceAll(/[\d.]+/g, '');
      if (seen.has(kind)) return [];
      seen.add(kind);
      return [at];
    });
  });

describe.skipIf(withoutBrowser())('why', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it.each(VIEWS)('opens every kind of number in %s', async (_, fragment, least) => {
    const page = await studio.open(fragment);
    await page.waitForSelector('button.number[title^="Why?"]');
    await page.waitForLoadState('networkidle');
    const all = await kindsOf(page);
    await expect.poll(async () => (await kindsOf(page)).length, PATIENT).toBeGreaterThanOrEqual(least);
    const kinds = await kindsOf(page);
    expect(all.length).toBeGreaterThan(0);
    const step = Math.max(1, kinds.length / MOST);
    for (let i = 0; i < kinds.length; i += step) {
      const number = page.locator('button.number[title^="Why?"]').nth(kinds[Math.floor(i)]);
      const title = (await number.getAttribute('title')) ?? '';
      const kept = Number(await number.locator('data').getAttribute('value'));
      // Results of the node are kept as the patterns that its command prints.
      const value = title.includes(', result') ? fromBits(kept) : kept;
      await number.evaluate((one: HTMLElement) => one.click());
      const answer = page.locator('dialog .answer data');
      await answer.waitFor({ timeout: PATIENT.timeout });
      const told = Number(await answer.getAttribute('value'));
      expect(Math.abs(told - value), `${title}: ${told} for ${value}`).toBeLessThanOrEqual(
        TOLERANCE * Math.abs(value),
      );
      // Lists of operators hold no share of a group.
      if (/share of .* in the time/.test(title))
        expect(await page.locator('dialog .command code').innerText()).toMatch(/ --json$/);
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
