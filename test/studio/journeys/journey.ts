import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { OpenedPage } from '../browser.ts';

/** Slower machines than any that tests run on. */
export const PATIENT = { timeout: 60_000 };

/** Where a journey begins, and what somebody does there. Every one ends with a console that says nothing. */
export type Journey = readonly [name: string, from: string, go: (page: OpenedPage) => Promise<void>];

export const hash = (page: OpenedPage): Promise<string> => page.evaluate(() => location.hash);
export const inAddress = (page: OpenedPage, text: string) =>
  expect.poll(() => hash(page), PATIENT).toContain(text);
export const press = (page: OpenedPage, name: string | RegExp) =>
  page.getByRole('button', { name }).first().click();
export const give = (page: OpenedPage, label: string, name: string, content: string | Uint8Array) =>
  page
    .getByLabel(label, { exact: true })
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
export const saved = async (page: OpenedPage, button: string | RegExp): Promise<string> => {
  const download = page.waitForEvent('download', PATIENT);
  await press(page, button);
  return readFileSync(await (await download).path(), 'latin1');
};
export const SMALL = '#/compare?v=1&model=llama-3.2-1b&designs=mugi-64%2Csa-16&baseline=sa-16';
export const title = (page: OpenedPage): Promise<string> => page.locator('main h1').innerText();
export const paste = async (page: OpenedPage, command: string): Promise<void> => {
  await press(page, 'Paste another');
  await page.getByRole('textbox', { name: 'Command', exact: true }).fill(command);
  await press(page, 'Show it');
};
