import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';
import { MEASURED } from './measured.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every view with something open in it. */
const STATES = [
  '#/compare?v=1',
  '#/compare?v=1&pin=batch%3D64',
  '#/compare?v=1&.why=energy_per_token_J&.of=mugi-256',
  '#/compare?v=1&model=no-such-model',
  '#/repairs?v=1',
  '#/explore?v=1&.space=vary%3A%20%7Bheight%3A%20%2232..256%22%7D&.point=1&.limits=tokens_per_s%3E%3D1',
  '#/explore?v=1&.space=vary%3A%20%7Bheigth%3A%2032%7D',
  '#/operators?v=1',
  '#/operators?v=1&model=gemma-3-4b&.pass=decode&.block=0&.op=q%C2%B7kT',
  '#/node?v=1',
  '#/node?v=1&.rows=64&.n=64&.zoom=128&.step=3',
  '#/node?v=1&.values=%7B',
  '#/functions?v=1',
  '#/functions?v=1&.function=softmax',
  '#/accuracy?v=1',
  `#/accuracy?v=1&designs=mugi-256%2Csa-16-pwl&.measured=${encodeURIComponent(JSON.stringify(MEASURED))}`,
  '#/accuracy?v=1&.measured=%7B',
  '#/paper?v=1&.item=table3',
  '#/paper?v=1&.item=fig99',
  '#/paper?v=1&.item=fig12&.why=corrected&.of=group%3Dffn%26design%3Dmugi-256%26model%3Dllama-2-7b%26metric%3Dthroughput&.from=paper',
  '#/node?v=1&.why=cycles&.of=the%20run&.from=run',
  '#/functions?v=1&.why=mean&.of=method%3Dvlp%26from%3D1&.from=error',
  '#/compare?v=1&.why=tokens_per_s&.of=mugi-256&.from=gain',
  '#/operators?v=1&.why=share&.of=design%3Dmugi-256%26group%3Dffn&.from=share',
  '#/nowhere?v=1',
];

/** Documents beside the studio: with tables, pictures, formulas and signatures. */
const DOCUMENTS = ['docs/index.html', 'docs/vlp.html', 'docs/reference.html', 'docs/technologies.html'];

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

describe.skipIf(withoutBrowser())('every view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  const themes = ['light', 'dark'] as const;
  const both = [...STATES, ...DOCUMENTS].flatMap((state) =>
    themes.map((colorScheme) => ({ state, colorScheme })),
  );
  it.each(both)(
    'has no violation that axe-core finds: $state $colorScheme',
    async ({ state, colorScheme }) => {
      // The page's policy keeps foreign scripts out, also this one.
      const context = await studio.browser.newContext({
        colorScheme,
        bypassCSP: true,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      await page.goto(studio.address + state);
      await page.waitForSelector('main h1, dialog h2, .error');
      await page.waitForLoadState('networkidle');
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
        return (await axe.run()).violations.map(({ id, nodes }) => ({
          id,
          nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html, failureSummary })),
        }));
      });
      expect(violations, `${state} ${colorScheme}`).toEqual([]);
      await context.close();
    },
  );

  it.each([390, 1440, 2560])('fits a page of %i pixels', async (width) => {
    const page = await studio.open('', { viewport: { width, height: 900 } });
    for (const state of [...STATES, ...DOCUMENTS]) {
      await page.goto(studio.address + state);
      await page.waitForSelector('main h1, dialog h2, .error');
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider, state).toBeLessThanOrEqual(0);
    }
    await page.close();
  });

  it('works by keyboard alone', async () => {
    const page = await studio.open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.getByRole('link', { name: 'Repairs' }).focus();
    await page.keyboard.press('Enter');
    // A repair of a fifth of the claims: others change digits that are not shown.
    await page.getByRole('switch', { name: 'node-cycles' }).focus();
    const before = await page.locator('[data-claim] data').allInnerTexts();
    await page.keyboard.press('Space');
    await expect
      .poll(() => page.locator('[data-claim] data').allInnerTexts(), { timeout: 60_000 })
      .not.toEqual(before);
    await page.close();
  });

  it('reads a dropped config.json', async () => {
    const page = await studio.open();
    const input = page.locator('input[type=file]');
    const config = {
      model_type: 'llama',
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size: 128256,
    };
    await input.setInputFiles({
      name: 'config.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(config)),
    });
    await expect
      .poll(() => page.locator('main h1').innerText(), { timeout: 60_000 })
      .toBe('Your model (llama)');
    expect(await page.locator('.command code').first().innerText()).toContain('"hidden_size":2048');
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
