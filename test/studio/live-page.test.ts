import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { comparisonAddress, spaceAddress, spaceOf } from '../../src/cli/source/live-address.ts';
import { livePage } from '../../src/cli/source/live-page.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { htmlPage } from '../../src/present/html.ts';
import { fromAddress } from '../../src/question/address.ts';
import { question } from '../../src/question/question.ts';
import { planIn } from '../../web/view/explore/space-text.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

const PATIENT = { timeout: 240_000 };

const SPACE = {
  model: 'llama-3.2-1b',
  batch: 4,
  designs: ['mugi-256', { base: 'sa-16', name: 'own', size: 24 }],
  vary: { height: [64, 128], dramBandwidth: [64, 256] },
  where: ['height <= 128'],
  within: 'area_mm2 <= 30',
  minimise: ['energy_per_token', 'area'],
  maximise: 'tokens_per_s',
};

describe('the address of a page', () => {
  it('holds the space that was explored, and what its files say', () => {
    const plan = planOf(SPACE);
    expect(planIn(stringify(spaceOf(plan)))).toEqual(plan);
    const address = spaceAddress(plan)!;
    expect(planIn(fromAddress(address).detail.space)).toEqual(plan);
    expect(spaceAddress(planOf({ ...SPACE, minimise: ['loss'] }))).toBe(undefined);
  });

  it('holds the question of a comparison', () => {
    const asked = question({ model: 'llama-2-7b', designs: ['mugi-64', 'sa-16'], batch: 3 });
    const { asked: found } = fromAddress(comparisonAddress(asked, undefined));
    expect(question(found)).toEqual(asked);
  });

  it('names the models and designs of files by what they say', () => {
    const asked = question({
      model: 'examples/models/qwen3-30b-a3b.json',
      designs: ['examples/designs/mugi-192.yaml'],
    });
    const { asked: found } = fromAddress(comparisonAddress(asked, undefined));
    expect(found.model).toMatchObject({ stacks: expect.anything() });
    expect(found.designs).toMatchObject([{ name: expect.any(String) }]);
  });
});

describe.skipIf(withoutBrowser())('a page in one file', () => {
  let studio: Studio;
  const folder = mkdtempSync(join(tmpdir(), 'mugi-live-page-'));
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
    rmSync(folder, { recursive: true });
  });

  const written = (name: string, address: string | undefined): string => {
    const path = join(folder, `${name}.html`);
    const live = livePage(address, studio.folder);
    writeFileSync(path, htmlPage('<b>still</b>', `<h1>still</h1><p>${name}</p>`, live));
    return path;
  };
  const opened = async (path: string) => {
    const page = await studio.browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    await page.goto(pathToFileURL(path).href);
    return Object.assign(page, { complaints });
  };

  it('opens from a disk, and every view of it works', PATIENT, async () => {
    const asked = question({ model: 'llama-2-7b', designs: ['mugi-64', 'sa-16'], batch: 3 });
    const path = written('compared', comparisonAddress(asked, undefined));
    expect(statSync(path).size).toBeLessThan(2_500_000);
    const page = await opened(path);
    await page.waitForSelector('table.merits', PATIENT);
    expect(await page.locator('.command code').first().innerText()).toContain('--model llama-2-7b');
    for (const view of ['Repairs', 'Operators', 'Node', 'Functions', 'Accuracy', 'Paper']) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.waitForSelector('main h1', PATIENT);
      expect(await page.getByText('This view has stopped').count(), view).toBe(0);
    }
    // A worker of its own computes the paper's tables.
    await page.waitForSelector('td data', PATIENT);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('explores its space from a disk', PATIENT, async () => {
    const page = await opened(written('explored', spaceAddress(planOf(SPACE))));
    await page.waitForSelector('[data-done=true]', PATIENT);
    expect(await page.locator('tr[data-point]').count()).toBeGreaterThan(0);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
