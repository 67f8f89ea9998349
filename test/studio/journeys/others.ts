import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { give, hash, inAddress, PATIENT, press, saved, SMALL, type Journey } from './journey.ts';

/** Through the other views. */
export const OTHERS: readonly Journey[] = [
  [
    'switch a repair, and undo it',
    '#/repairs?v=1',
    async (page) => {
      const shown = () => page.locator('[data-claim] data').allInnerTexts();
      const before = await shown();
      await page.getByRole('switch', { name: 'node-cycles' }).click();
      await expect.poll(shown, PATIENT).not.toEqual(before);
      await page.goBack();
      await expect.poll(shown, PATIENT).toEqual(before);
    },
  ],
  [
    'ask for an operator and its numbers',
    '#/operators?v=1&model=llama-3.2-1b',
    async (page) => {
      await expect.poll(() => page.locator('.drawing svg').count(), PATIENT).toBeGreaterThan(0);
      expect(await page.locator('main table tbody tr').count()).toBeGreaterThan(5);
      expect(
        await page
          .getByRole('group', { name: /^Graph/ })
          .getByRole('button')
          .count(),
      ).toBe(19);
    },
  ],
  [
    'choose operators in the graph, by keyboard, in a table and in the roofline',
    '#/operators?v=1&model=whisper-tiny',
    async (page) => {
      const chosen = page.getByRole('region', { name: 'Chosen operator' }).getByRole('heading');
      const node = (name: RegExp) =>
        page.getByRole('group', { name: /^Graph/ }).getByRole('button', { name });
      await page.getByLabel('Pass').selectOption('prefill');
      // Encoder and decoder are blocks of their own; the one that takes longest is open.
      const blocks = page.locator('button.block');
      expect(await blocks.count()).toBe(5);
      await blocks.filter({ hasText: 'cross-attention' }).click();
      await node(/^cross-q·kT .* reads cross-q and cross-k$/).click();
      await expect.poll(() => chosen.innerText(), PATIENT).toBe('cross-q·kT');
      await inAddress(page, '.op=cross-q');
      expect(await page.locator('tr.chosen').count()).toBe(2);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => chosen.innerText(), PATIENT).toBe('cross-softmax');
      await page
        .getByRole('region', { name: /^Operators on / })
        .first()
        .getByRole('button', { name: 'logits decode' })
        .click();
      await expect.poll(() => chosen.innerText(), PATIENT).toBe('logits');
      expect(await node(/^logits/).getAttribute('aria-pressed')).toBe('true');
      await page.locator('.drawing path[aria-roledescription="point"]').first().click({ force: true });
      await expect.poll(() => chosen.innerText(), PATIENT).not.toBe('logits');
      await page.goBack();
      await page.goBack();
      await expect.poll(() => chosen.innerText(), PATIENT).toBe('cross-softmax');
      await page.getByRole('region', { name: 'Chosen operator' }).getByRole('button').first().click();
      await page
        .getByRole('dialog')
        .getByText('waits')
        .or(page.getByRole('dialog').getByText('bound by'))
        .first()
        .waitFor(PATIENT);
    },
  ],
  [
    'open the trees of numbers on five pages',
    '#/repairs?v=1',
    async (page) => {
      const dialog = page.getByRole('dialog');
      const opens = async (number: Locator, part: string) => {
        const value = await number.locator('data').getAttribute('value');
        await number.click();
        await expect.poll(() => dialog.locator('.answer data').getAttribute('value'), PATIENT).toBe(value);
        await dialog.locator('.tree').getByText(part, { exact: true }).first().waitFor(PATIENT);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ ...PATIENT, state: 'detached' });
      };
      const numbers = page.locator('main button.number');
      await opens(numbers.nth(2), 'tokens_per_s of sa-16');
      await page.goto(page.url().replace(/#.*/, '#/paper?v=1&.item=table3'));
      await opens(numbers.nth(9), 'tokens_per_s');
      await page.goto(page.url().replace(/#.*/, '#/node?v=1'));
      await opens(page.locator('button.number:has([data-of=cycles])'), 'fill and drain');
      await page.goto(page.url().replace(/#.*/, '#/functions?v=1'));
      await opens(
        page.getByRole('region', { name: 'Table of errors by range' }).getByRole('button').first(),
        'inputs',
      );
      await page.goto(page.url().replace(/#.*/, '#/operators?v=1&model=llama-3.2-1b'));
      await opens(
        page
          .getByRole('region', { name: /^Operators on/ })
          .first()
          .locator('button.number:has(data)')
          .nth(1),
        'clock',
      );
    },
  ],
  [
    'explore a space, wrong at first',
    '#/explore?v=1&.space=vary%3A%20%7Bheight%3A%20%2264%2C128%22%7D',
    async (page) => {
      await page.waitForSelector('[data-done=true]', PATIENT);
      await page.getByLabel('Space in YAML').fill('vary: {heigth: 32}');
      await page.locator('.controls .error').waitFor(PATIENT);
      await page.getByLabel('Space in YAML').fill('vary: {height: [32, 64, 128]}');
      await page.locator('.controls .error').waitFor({ ...PATIENT, state: 'detached' });
      await page.waitForSelector('[data-done=true]', PATIENT);
    },
  ],
  [
    'save a space',
    '#/explore?v=1&.space=vary%3A%20%7Bheight%3A%2064%7D',
    async (page) => {
      expect(parseYaml(await saved(page, 'Save the space'))).toEqual({ vary: { height: 64 } });
    },
  ],
  [
    'play the node to its end',
    '#/node?v=1&.op=silu&.n=6&.cycle=20',
    async (page) => {
      await page.getByLabel('Cycles a second').selectOption('32');
      await press(page, 'Play');
      await expect
        .poll(async () => Number(/cycle=(\d+)/.exec(await hash(page))?.[1]), PATIENT)
        .toBeGreaterThan(25);
    },
  ],
  [
    'scrub the node, and zoom it',
    '#/node?v=1',
    async (page) => {
      await page.getByRole('slider', { name: 'Cycle', exact: true }).press('End');
      await page.getByRole('slider', { name: 'Cycles shown' }).press('End');
      await inAddress(page, '.zoom=512');
    },
  ],
  [
    'put another array beside the node',
    '#/node?v=1',
    async (page) => {
      await page.getByLabel('Another array').getByRole('combobox').selectOption('tensor');
      await page.waitForSelector('p[data-rival="tensor"]', PATIENT);
      await inAddress(page, '.rival=tensor');
    },
  ],
  [
    'give the node values that it does not take',
    '#/node?v=1&.values=%7B%22activations%22%3A%5B%5B1%5D%5D%2C%22weights%22%3A%5B%5B9%5D%5D%7D',
    async (page) => {
      await page.locator('main .error').first().waitFor(PATIENT);
      await press(page, 'Back to seeded values');
      await page.waitForSelector('table.values', PATIENT);
    },
  ],
  [
    'save the Verilog of a module',
    '#/node?v=1',
    async (page) => {
      await page.waitForSelector('pre.source', PATIENT);
      expect(await saved(page, 'Save the Verilog')).toContain('module processing_element');
    },
  ],
  [
    'take two steps of the tour and leave it',
    '#/node?v=1',
    async (page) => {
      await press(page, 'Take the tour');
      await press(page, 'Next');
      await press(page, 'End the tour');
      await page.getByRole('button', { name: 'Take the tour' }).waitFor(PATIENT);
    },
  ],
  [
    'drag the window of a function past its other end',
    '#/functions?v=1&.function=exp',
    async (page) => {
      await page.getByRole('slider', { name: 'Lowest exponent' }).press('End');
      await inAddress(page, '.lo=3');
      expect(await page.locator('main .error').count()).toBe(0);
    },
  ],
  [
    'take all methods away and one back',
    '#/functions?v=1&.methods=vlp',
    async (page) => {
      await page.getByRole('checkbox', { name: 'vlp' }).click();
      await page.getByText('None of the chosen methods').waitFor(PATIENT);
      await page.getByRole('checkbox', { name: 'taylor', exact: true }).click();
      await page.getByRole('checkbox', { name: 'vlp' }).click();
      await page.waitForSelector('td data', PATIENT);
    },
  ],
  [
    'softmax of own scores',
    '#/functions?v=1&.function=softmax',
    async (page) => {
      await page.getByLabel('Scores').fill('5 1 1');
      await expect.poll(() => page.locator('tbody tr').count(), PATIENT).toBe(3);
    },
  ],
  [
    'save a figure as SVG, PNG and JSON',
    '#/functions?v=1',
    async (page) => {
      expect(await saved(page, 'SVG of Answers')).toMatch(/^<svg/);
      expect((await saved(page, 'PNG of Answers')).slice(1, 4)).toBe('PNG');
      expect(JSON.parse(await saved(page, 'JSON of Answers'))).toHaveProperty('encoding');
    },
  ],
  [
    'open an item of the paper, and save it',
    '#/paper?v=1&.item=table3',
    async (page) => {
      await page.waitForSelector('td data', PATIENT);
      expect((await saved(page, /CSV/)).split('\n').length).toBeGreaterThan(10);
    },
  ],
  [
    'measure with nothing to measure, and open a file that is none',
    '#/accuracy?v=1&designs=mugi-64',
    async (page) => {
      await page.locator('.empty').waitFor(PATIENT);
      await give(page, 'Measurement to open', 'x.json', '{"a": 1}');
      await page.locator('.drop .error').waitFor(PATIENT);
      await press(page, 'One array, three methods');
      await inAddress(page, 'sa-16-taylor');
    },
  ],
  [
    'walk through all views by keyboard',
    SMALL,
    async (page) => {
      for (const name of ['Repairs', 'Operators', 'Node', 'Functions', 'Accuracy', 'Paper', 'Compare']) {
        await page.getByRole('link', { name, exact: true }).focus();
        await page.keyboard.press('Enter');
        await expect.poll(() => page.title(), PATIENT).toContain(name);
        await page.waitForSelector('main h1', PATIENT);
      }
    },
  ],
  [
    'follow links that ask for too much',
    SMALL,
    async (page) => {
      const space = (text: string): string => `#/explore?v=1&.space=${encodeURIComponent(text)}`;
      for (const [link, said] of [
        ['#/compare?v=1&designs=sa-1000000x1000000', 'sides from 2 to 256'],
        ['#/compare?v=1&designs=mugi-256@1000x1000', 'sides from 1 to 64'],
        ['#/compare?v=1&batch=1000000000', '1 to 1048576'],
        ['#/operators?v=1&context=1000000000', '1 to 16777216'],
        ['#/compare?v=1&context=16777216&designs=mugi-8@1x2,sa-4@2x2', 'decoded positions'],
        [space('vary: {clock: "1..1000000:1"}'), 'at most 65536'],
        [space('vary: {batch: "1..30000:1", lifetime: "1..30000:1"}'), 'at most 2000000'],
        ['#/node?v=1&.m=1000000&.k=1000000', 'from 1 to 64'],
        ['#/node?v=1&.m=64&.k=64&.n=256', 'at most 65536 at 8 rows'],
      ] as const) {
        await page.goto(new URL(link, page.url()).href);
        await expect.poll(() => page.locator('.error').first().innerText(), PATIENT).toContain(said);
      }
      // The longest prompt is no trouble.
      await page.goto(new URL('#/compare?v=1&context=16777216&prefill=16777216', page.url()).href);
      await page.waitForSelector('table.merits', PATIENT);
      expect(await page.locator('.error').count()).toBe(0);
    },
  ],
];
