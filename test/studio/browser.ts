import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { serveFolder } from '../../src/files/static-server.ts';

/** Slower machines than any that tests run on. */
const PATIENCE_MS = 120_000;

const CHROMIUM = process.env.MUGI_CHROMIUM ?? '/usr/bin/chromium';

/** Whether tests in a browser are left out, which is said aloud; continuous integration requires them. */
export function withoutBrowser(): boolean {
  if (existsSync(CHROMIUM) || process.env.MUGI_REQUIRE_TOOLS === '1') return false;
  console.warn(`skipped: ${CHROMIUM} is not there (MUGI_CHROMIUM names another browser)`);
  return true;
}

export interface Studio {
  address: string;
  folder: string;
  browser: Browser;
  /** A page of a state, with what it complained of. */
  open(fragment?: string, options?: Parameters<Browser['newPage']>[0]): Promise<OpenedPage>;
  close(): Promise<void>;
}

export interface OpenedPage extends Page {
  complaints: string[];
}

/**
 * Builds the studio as a release does, but with the React that warns of mistakes; serves it as `mugi studio` does, and opens
 * it in Chromium.
 * @param release with the React of a release, whose size counts
 */
export async function openStudio(release = false): Promise<Studio> {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-studio-'));
  // Vitest calls its environment "test".
  const environment = process.env.NODE_ENV;
  if (release) process.env.NODE_ENV = 'production';
  await build({
    configFile: fileURLToPath(new URL('../../web/vite.config.ts', import.meta.url)),
    logLevel: 'error',
    build: { outDir: folder },
  });
  if (environment === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = environment;
  const { address, close } = await serveFolder(folder, 0);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  return {
    address,
    folder,
    browser,
    async open(fragment = '', options = {}) {
      const page = await browser.newPage(options);
      page.setDefaultTimeout(PATIENCE_MS);
      const complaints: string[] = [];
      page.on('console', (message) => {
        // Software rendering says that it is slow; the page is not to blame.
        if (message.text().includes('GL Driver Message')) return;
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
      await page.goto(address + fragment);
      await page.waitForSelector('main h1');
      return Object.assign(page, { complaints });
    },
    async close() {
      await browser.close();
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
