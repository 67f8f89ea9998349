import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CONFIGS } from '../fuzz/seeds/workloads.ts';
import { type OpenedPage, openStudio, type Studio, withoutBrowser } from './browser.ts';

/** Slower machines than any that tests run on. */
const PATIENT = { timeout: 60_000 };

/** Where a journey begins, and what somebody does there. Every one ends with a console that says nothing. */
type Journey = readonly [name: string, from: string, go: (page: OpenedPage) => Promise<void>];

const hash = (page: OpenedPage): Promise<string> => page.evaluate(() => location.hash);
const inAddress = (page: OpenedPage, text: string) => expect.poll(() => hash(page), PATIENT).toContain(text);
const press = (page: OpenedPage, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const give = (page: OpenedPage, label: string, name: string, content: string | Uint8Array) =>
  page
    .getByLabel(label, { exact: true })
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
const saved = async (page: OpenedPage, button: string | RegExp): Promise<string> => {
  const download = page.waitForEvent('download', PATIENT);
  await press(page, button);
  return readFileSync(await (await download).path(), 'latin1');
};
const SMALL = '#/compare?v=1&model=llama-3.2-1b&designs=mugi-64%2Csa-16&baseline=sa-16';
const title = (page: OpenedPage): Promise<string> => page.locator('main h1').innerText();
const paste = async (page: OpenedPage, command: string): Promise<void> => {
  await press(page, 'Paste another');
  await page.getByRole('textbox', { name: 'Command', exact: true }).fill(command);
  await press(page, 'Show it');
};

const COMPARE: readonly Journey[] = [
  [
    'choose another model',
    SMALL,
    async (page) => {
      await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('llama-2-7b');
      await inAddress(page, 'model=llama-2-7b');
      expect(await title(page)).toContain('Llama 2 7B');
    },
  ],
  [
    'add a design and take it out',
    SMALL,
    async (page) => {
      await page.getByLabel('Design to add').fill('carat-64');
      await press(page, 'Add');
      await page.waitForSelector('tr[data-design="carat-64"]', PATIENT);
      await press(page, 'Take out carat-64');
      await page.waitForSelector('tr[data-design="carat-64"]', { ...PATIENT, state: 'detached' });
    },
  ],
  [
    'mistype a design',
    SMALL,
    async (page) => {
      await page.getByLabel('Design to add').fill('mugi-6a4');
      await press(page, 'Add');
      await page.locator('.controls .error').waitFor(PATIENT);
      expect(await page.locator('table.merits tbody tr').count()).toBe(2);
    },
  ],
  [
    'drag four sliders and undo them one by one',
    SMALL,
    async (page) => {
      const names = ['Batch', 'Context', 'Bandwidth', 'Carbon intensity'];
      const before = await hash(page);
      for (const name of names) {
        await page.getByRole('slider', { name, exact: true }).press('ArrowRight');
        await page.getByRole('slider', { name, exact: true }).blur();
      }
      await inAddress(page, 'carbonIntensity=');
      for (const _ of names) await press(page, 'Undo');
      await expect.poll(() => hash(page), PATIENT).toBe(before);
    },
  ],
  [
    'write a number that is too large beside a slider',
    SMALL,
    async (page) => {
      await page.getByLabel('Weights, exact').fill('99');
      expect(await page.locator('main .error').count()).toBe(0);
      await page.getByLabel('Weights, exact').fill('8');
      await inAddress(page, 'weightBits=8');
    },
  ],
  [
    'share a link',
    '#/compare?v=1&model=llama-3.2-1b&designs=mugi-64&baseline=sa-16&batch=3&.why=energy_J&.of=mugi-64',
    async (page) => {
      await page.getByRole('dialog').waitFor(PATIENT);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.getByRole('dialog').count(), PATIENT).toBe(0);
      expect(await hash(page)).toContain('batch=3');
    },
  ],
  [
    'open a link of a later version',
    '#/compare?v=9',
    async (page) => {
      expect(await title(page)).toBe('This address cannot be shown');
      await press(page, 'Start afresh');
      await page.waitForSelector('table.merits', PATIENT);
    },
  ],
  [
    'download the table as CSV',
    SMALL,
    async (page) => {
      expect((await saved(page, 'Download CSV')).split('\n')[0]).toContain(
        'energy_per_token_with_dram_J_gain',
      );
    },
  ],
  [
    'write a design in YAML, wrong at first, and take it along',
    SMALL,
    async (page) => {
      await press(page, 'Write a design in YAML');
      const field = page.getByLabel('Design in YAML');
      await field.fill('base: mugi-256\nheigth: 3\n');
      await page.locator('.own .error').waitFor(PATIENT);
      await field.fill('base: mugi-256\nname: mine\nheight: 192\n');
      await page.locator('.own .error').waitFor({ ...PATIENT, state: 'detached' });
      await press(page, 'Compare it');
      await page.waitForSelector('tr[data-design="mine"]', PATIENT);
      expect(parseYaml(await saved(page, 'Download YAML'))).toMatchObject({ base: 'mugi-256', height: 192 });
    },
  ],
  [
    'drop a design file twice',
    SMALL,
    async (page) => {
      for (let i = 0; i < 2; i++) {
        await give(page, 'File to open', 'own.yaml', 'base: sa-16\nsize: 24\n');
        await page.getByText('Added own').waitFor(PATIENT);
      }
      await expect.poll(() => page.locator('tr[data-design="own"]').count(), PATIENT).toBe(1);
    },
  ],
  [
    'drop a configuration, then go back to a built-in model',
    SMALL,
    async (page) => {
      await give(page, 'File to open', 'config.json', CONFIGS[0]);
      await expect.poll(() => title(page), PATIENT).toContain('Your model');
      await press(page, 'Undo');
      await expect.poll(() => title(page), PATIENT).toContain('Llama 3.2 1B');
    },
  ],
  [
    'paste a command with a mistake, and mend it',
    SMALL,
    async (page) => {
      await paste(page, 'npx mugi compare --modle llama-2-7b');
      await page.getByText('--model', { exact: true }).waitFor(PATIENT);
      await page
        .getByRole('textbox', { name: 'Command', exact: true })
        .fill('npx mugi compare --model llama-2-7b');
      await press(page, 'Show it');
      await inAddress(page, 'model=llama-2-7b');
    },
  ],
  [
    'paste the command of another view',
    SMALL,
    async (page) => {
      await paste(page, 'npx mugi simulate silu --design mugi-8 --n 12');
      await expect.poll(() => title(page), PATIENT).toBe('The node, cycle by cycle');
      await page.goBack();
      await page.waitForSelector('table.merits', PATIENT);
    },
  ],
  [
    'change the theme',
    SMALL,
    async (page) => {
      await press(page, 'Use the dark theme');
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
      await page.reload();
      await page.waitForSelector('table.merits', PATIENT);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    },
  ],
];

const OTHERS: readonly Journey[] = [
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
];

describe.skipIf(withoutBrowser())('journeys', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('are thirty at least', () => {
    expect(COMPARE.length + OTHERS.length).toBeGreaterThanOrEqual(30);
  });

  it.each([...COMPARE, ...OTHERS])('%s', PATIENT, async (_, from, go) => {
    const page = await studio.open(from);
    await go(page);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
