import { expect } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { CONFIGS } from '../../fuzz/seeds/workloads.ts';
import {
  give,
  hash,
  inAddress,
  paste,
  PATIENT,
  press,
  saved,
  SMALL,
  title,
  type Journey,
} from './journey.ts';

/** Through Compare, and what every view shares. */
export const COMPARE: readonly Journey[] = [
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
      for (const said of ['Added own.', 'own was there already, just the same.']) {
        await give(page, 'File to open', 'own.yaml', 'base: sa-16\nsize: 24\n');
        await page.getByText(said).waitFor(PATIENT);
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
