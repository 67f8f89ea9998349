import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { docsSite, opened } from '../../web/docs/site.ts';
import { reference } from '../../web/docs/reference.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PATIENT = { timeout: 120_000 };

describe('the documents beside the studio', () => {
  it('lead to each other, to pictures that are there, and to headings that are there', () => {
    const files = docsSite(ROOT);
    const pages = [...files].filter(([path]) => path.endsWith('.html')) as [string, string][];
    expect(pages.length).toBeGreaterThan(25);
    for (const [path, html] of pages) {
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size, path).toBe(ids.length);
      for (const [, target] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
        if (/^(https?:|\.\.\/)/.test(target)) continue;
        const [file, anchor] = target.split('#');
        const there = file === '' ? html : files.get(`docs/${file}`);
        expect(there, `${path} → ${target}`).toBeDefined();
        if (anchor !== undefined && anchor !== 'content')
          expect(String(there), `${path} → ${target}`).toContain(`id="${decodeURIComponent(anchor)}"`);
      }
    }
  });

  it('hold a reference with a signature for every name of every door', () => {
    const text = reference(ROOT);
    const entries = text.split(/^### /m).slice(1);
    expect(entries.length).toBeGreaterThan(80);
    for (const entry of entries) expect(entry.split('\n')[2], entry.split('\n')[0]).toBe('```ts');
    expect(text).toContain('function answer(asked: Question, sources: Sources = NAMES): Evaluation[]');
  });
});

describe.skipIf(withoutBrowser())('the documents in a browser', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('are found by their words, and open their examples in the studio', PATIENT, async () => {
    const page = await studio.open('#/compare?v=1');
    await page.getByRole('link', { name: 'Docs' }).click();
    await page.getByRole('searchbox').fill('sliding window');
    await page.locator('.hit').first().waitFor(PATIENT);
    await page.locator('.hit a').first().click();
    await expect.poll(() => page.locator('article').isVisible(), PATIENT).toBe(true);
    await page.getByRole('searchbox').fill('zzzz');
    await page.getByText('Nothing found').waitFor(PATIENT);
    await page.goto(`${studio.address}docs/start.html`);
    await page
      .getByRole('link', { name: /^Open in the studio: mugi compare/ })
      .first()
      .click();
    await page.waitForSelector('table.merits', PATIENT);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('hold examples all of which the studio shows', PATIENT, async () => {
    const addresses = [...examples()].flatMap((line) => opened(line, ROOT) ?? []);
    expect(addresses.length).toBeGreaterThan(50);
    const page = await studio.open();
    for (const address of new Set(addresses)) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, address);
      await page.waitForSelector(`nav a[href^="${/^#\/\w+/.exec(address)?.[0]}?"][aria-current]`, PATIENT);
      await page.waitForSelector('main h1, main dialog h2', PATIENT);
      await page.waitForFunction(() => document.querySelector('.loading') === null, undefined, PATIENT);
      expect(await page.locator('main .error').allInnerTexts(), address).toEqual([]);
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});

/** Commands of the documents, each once. */
function examples(): Set<string> {
  const found = new Set<string>();
  const folder = join(ROOT, 'docs');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
    const blocks = readFileSync(join(folder, file), 'utf8').matchAll(/^```[a-z]*\n([^]*?)^```/gm);
    for (const [, block] of blocks)
      for (const line of block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
        if (/^(npx )?mugi /.test(line)) found.add(line);
  }
  return found;
}
