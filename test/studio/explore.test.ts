import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { type OpenedPage, openStudio, type Studio, withoutBrowser } from './browser.ts';

const SMALL = `model: llama-3.2-1b
batch: 4
designs: [mugi-256, sa-16]
vary:
  height: [64, 128, 256]
  shape: [8x32, 16x16]
  sram.weight: [16, 64]
  dramBandwidth: [64, 256]
within: area_mm2 <= 30
minimise: [energy_per_token, area]
maximise: tokens_per_s
`;
const at = (more = ''): string => `#/explore?v=1&.space=${encodeURIComponent(SMALL)}${more}`;

const mugi = async (line: string): Promise<string> =>
  outputOf(await commandLine(process.cwd()), wordsOf(line).slice(line.startsWith('npx') ? 2 : 1));

const frontOf = (page: OpenedPage): Promise<number[]> =>
  page.$$eval('tr[data-point]', (rows) => rows.map((row) => Number(row.getAttribute('data-point'))));

describe.skipIf(withoutBrowser())('the Explore view', () => {
  let studio: Studio;
  const folder = mkdtempSync(join(tmpdir(), 'mugi-explore-page-'));
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
    rmSync(folder, { recursive: true });
  });

  const opened = async (fragment: string): Promise<OpenedPage> => {
    const page = await studio.open(fragment);
    await page.waitForSelector('[data-done=true]', { timeout: 60_000 });
    return page;
  };
  const explored = async (
    page: OpenedPage,
  ): Promise<{ point: number; metrics: Record<string, number> }[]> => {
    const command = await page.getByLabel('Command of the space').innerText();
    return (
      JSON.parse(await mugi(command)) as { front: { point: number; metrics: Record<string, number> }[] }
    ).front;
  };

  it('finds the front of mugi explore, also under limits that are set on the page', async () => {
    const page = await opened(at());
    const first = await frontOf(page);
    expect(first).toEqual((await explored(page)).map(({ point }) => point));
    await page.getByRole('button', { name: 'Limit throughput' }).click();
    await expect.poll(() => frontOf(page), { timeout: 60_000 }).not.toEqual(first);
    const limit = page.getByRole('slider', { name: /Limit tokens_per_s>=/ });
    const before = await limit.getAttribute('aria-valuenow');
    for (let i = 0; i < 5; i++) await limit.press('ArrowRight');
    await expect.poll(() => limit.getAttribute('aria-valuenow'), { timeout: 60_000 }).not.toBe(before);
    await expect
      .poll(async () => (await frontOf(page)).join(), { timeout: 60_000 })
      .toBe((await explored(page)).map(({ point }) => point).join());
    await page.getByRole('button', { name: /Remove tokens_per_s/ }).click();
    await expect.poll(() => frontOf(page), { timeout: 60_000 }).toEqual(first);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('shows a point with the numbers of its command, and opens it as a design', async () => {
    const page = await opened(at());
    const [, point] = await frontOf(page);
    await page
      .locator('th')
      .getByRole('button', { name: String(point), exact: true })
      .click();
    await page.waitForSelector('.point data[data-of]');
    const shown = await page.$$eval('.point data[data-of]', (cells) =>
      cells.map((cell) => [cell.getAttribute('data-of')!, Number(cell.getAttribute('value'))] as const),
    );
    const printed = JSON.parse(await mugi(await page.locator('.point .command code').innerText())) as Record<
      string,
      number
    >;
    expect(shown.length).toBe(6);
    for (const [metric, value] of shown) expect(value, metric).toBe(printed[metric]);
    await page.getByRole('button', { name: 'Compare it' }).click();
    await expect.poll(() => page.url(), { timeout: 60_000 }).toContain('#/compare');
    const value = await page.$$eval('td data', (cells) =>
      cells.map((cell) => Number(cell.getAttribute('value'))),
    );
    expect(value).toContain(printed.tokens_per_s);
    await page.goBack();
    await page.waitForSelector('.point');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('opens the Parquet file of mugi explore, and no other', async () => {
    const [space, file] = [join(folder, 'dropped.yaml'), join(folder, 'points.parquet')];
    writeFileSync(space, SMALL);
    const known = JSON.parse(await mugi(`mugi explore ${space} --parquet ${file} --json`)) as {
      front: { point: number }[];
    };
    const page = await studio.open('#/explore?v=1');
    const input = page.getByLabel('File of points');
    await input.setInputFiles(file);
    await page.waitForSelector('text=Points of the file points.parquet');
    await expect
      .poll(() => frontOf(page), { timeout: 60_000 })
      .toEqual(known.front.map(({ point }) => point));
    for (const [name, buffer] of [
      ['<b>x</b>.parquet', Buffer.from('PAR1 and no more')],
      ['half.parquet', readFileSync(file).subarray(0, 900)],
      ['empty', Buffer.alloc(0)],
    ] as const) {
      await input.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
      await expect
        .poll(() => page.locator('.page .error').innerText(), { timeout: 60_000 })
        .toContain('the file holds no points of a space');
    }
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.waitForSelector('[data-done=true]', { timeout: 60_000 });
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('checks a space while it is typed, and keeps it in the address', async () => {
    const page = await opened(at());
    const field = page.getByLabel('Space in YAML');
    await field.fill(SMALL.replace('height:', 'heigth:'));
    await expect
      .poll(() => page.locator('.controls .error').innerText(), { timeout: 60_000 })
      .toMatch(/space\.yaml:5[^]*height/);
    await field.fill(SMALL.replace('[64, 128, 256]', '32..256:32'));
    await expect
      .poll(() => page.locator('[data-done=true]').innerText(), { timeout: 60_000 })
      .toContain('40 designs');
    await expect.poll(() => decodeURIComponent(page.url()), { timeout: 60_000 }).toContain('32..256:32');
    await field.fill(SMALL.replace('[64, 128, 256]', '8..2048:8').replace('[64, 256]', '1..50000:1'));
    await expect
      .poll(() => page.locator('.page .error').innerText(), { timeout: 60_000 })
      .toContain('more points than a page shows');
    await field.fill(SMALL.replace('[energy_per_token, area]', '[loss, area]'));
    await expect
      .poll(() => page.locator('.page .error').innerText(), { timeout: 60_000 })
      .toContain('a loss is measured on a model, which a page does not run');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('takes back with Back what was typed, and keeps what is typed before it rests', async () => {
    const page = await opened(at());
    const field = page.getByLabel('Space in YAML');
    const other = SMALL.replace('[64, 128, 256]', '[32, 64]');
    await field.fill(other);
    await page.waitForFunction(() => decodeURIComponent(location.hash).includes('[32,+64]'));
    await page.goBack();
    await expect.poll(() => field.inputValue()).toBe(SMALL);
    // Longer than what is typed has to rest.
    await page.waitForTimeout(1000);
    expect(await field.inputValue()).toBe(SMALL);
    await page.goForward();
    await expect.poll(() => field.inputValue()).toBe(other);
    await field.press('ControlOrMeta+End');
    await field.pressSequentially('# abcdefghijklmnopqrstuvwxyz'.repeat(2), { delay: 30 });
    expect(await field.inputValue()).toBe(`${other}${'# abcdefghijklmnopqrstuvwxyz'.repeat(2)}`);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('links brushes: an axis that is dragged leaves points out, of the cloud, the lines and the breakdown', async () => {
    const page = await opened(at());
    const lines = page.locator('svg.parallel path');
    // They are drawn behind the rest.
    await lines.first().waitFor({ state: 'attached' });
    const before = await lines.count();
    const cloud = page.locator('.cloud canvas');
    const pixels = async () => (await cloud.screenshot()).toString('base64');
    const shown = await pixels();
    const stacks = () => page.locator('.stacks .name').allInnerTexts();
    const front = await frontOf(page);
    await expect.poll(stacks, { timeout: 60_000 }).toContain(`point ${front[0]}`);
    const grip = page.locator('svg.parallel .axis .grip').first();
    await grip.scrollIntoViewIfNeeded();
    const box = (await grip.boundingBox())!;
    await page.mouse.move(box.x + 12, box.y + box.height - 1);
    await page.mouse.down();
    await page.mouse.move(box.x + 12, box.y + box.height / 2);
    await page.mouse.up();
    // The designs of the first start alone: 3 heights, 2 memories, 2 bandwidths.
    await page.getByRole('button', { name: 'Forget brushes' }).waitFor();
    await expect.poll(() => lines.count(), { timeout: 60_000 }).toBe(12);
    await page.getByText('12 designs are kept').waitFor();
    // Eight of the twelve, all of the first start: its points come first.
    const kept = async () => (await stacks()).map((name) => Number(name.slice('point '.length)));
    await expect
      .poll(async () => (await kept()).every((point) => point < 12), { timeout: 60_000 })
      .toBe(true);
    expect((await kept()).length).toBe(8);
    await expect.poll(pixels, { timeout: 60_000 }).not.toBe(shown);
    await page.getByRole('button', { name: 'Forget brushes' }).click();
    await expect.poll(() => lines.count(), { timeout: 60_000 }).toBe(before);
    await expect.poll(stacks, { timeout: 60_000 }).toContain(`point ${front[0]}`);
    await expect.poll(pixels, { timeout: 60_000 }).toBe(shown);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('evaluates the hundred thousand designs of its example', async () => {
    const page = await opened('#/explore?v=1');
    expect(await page.locator('[data-done=true]').innerText()).toMatch(
      /^124,\d{3} designs|^1\d\d,\d{3} designs/,
    );
    expect(await page.locator('canvas').count()).toBe(1);
    await page.close();
  });
});
