import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dice, dice, mutateBytes, mutateJson, mutateText } from '../fuzz/mutate.ts';
import * as checkpoints from '../fuzz/seeds/checkpoints.ts';
import * as seeds from '../fuzz/seeds/workloads.ts';
import { onnxFile } from '../onnx/write.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

/** Files that are dropped: a sample; `npm run nightly:drops` drops ten thousand. */
const DROPS = Number(process.env.STUDIO_DROPS ?? 150);
/** Dropped in one go. */
const BATCH = 50;
const SEED = 13;

/** Slower machines than any that tests run on. */
const PATIENT = { timeout: 120_000 + DROPS * 100 };

interface Dropped {
  name: string;
  base64: string;
}

const NAMES = ['x.json', 'x.yaml', 'x.csv', 'x.gguf', 'x.safetensors', 'x.onnx', 'x.parquet', 'x'];
const HTML = '<img src=x onerror=alert(1)>';

const weights = checkpoints.checkpointFiles().weights;
const gguf = checkpoints.gguf();
const graphs = seeds.ONNX.map((spec) => onnxFile(JSON.parse(spec) as Parameters<typeof onnxFile>[0]));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A changed file of some kind, or bytes of none, under a name that fits or not. */
function file(roll: Dice): Dropped {
  const kinds: [string, () => Uint8Array][] = [
    ['x.json', () => bytes(mutateJson(roll.pick(seeds.CONFIGS), roll))],
    ['x.yaml', () => bytes(mutateText(roll.pick(seeds.DESIGNS), roll))],
    ['x.csv', () => bytes(mutateText(seeds.TOPOLOGY, roll))],
    ['x.gguf', () => mutateBytes(gguf, roll)],
    ['x.safetensors', () => mutateBytes(weights, roll)],
    ['x.onnx', () => mutateBytes(roll.pick(graphs), roll)],
    [roll.pick(NAMES), () => Uint8Array.from({ length: roll.below(400) }, () => roll.below(256))],
  ];
  const [own, make] = roll.pick(kinds);
  const name = roll.chance(0.9) ? own : roll.pick(NAMES);
  return {
    name: roll.chance(0.1) ? HTML + name : name,
    base64: Buffer.from(make()).toString('base64'),
  };
}

/** Runs in the page: drops files one after another, and says of each what the page shows then. */
async function drop(files: Dropped[]): Promise<string[]> {
  const box = (): Element | null => document.querySelector('.drop');
  const shown: string[] = [];
  for (const { name, base64 } of files) {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    const before = box()?.getAttribute('data-read');
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
    for (let wait = 0; box()?.getAttribute('data-read') === before && wait < 3000; wait++)
      await new Promise((done) => setTimeout(done, 10));
    shown.push(
      document.querySelector('main h1')?.textContent === 'This view has stopped'
        ? `stopped: ${document.querySelector('main .error')?.textContent}`
        : box()?.getAttribute('data-read') === before
          ? 'not read'
          : (document.querySelector('.drop .error, .drop [aria-live] p, main .error, .controls p')
              ?.textContent ?? 'nothing said'),
    );
  }
  return shown;
}

describe.skipIf(withoutBrowser())('dropped files', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it(`give a message and leave the page alive, ${DROPS} of them`, PATIENT, async () => {
    for (const [view, share] of [
      ['compare', 0.7],
      ['accuracy', 0.1],
      ['functions', 0.1],
      ['explore', 0.1],
    ] as const) {
      const small = view === 'explore' ? '&.space=vary%3A%20%7Bheight%3A%2064%7D' : '';
      const page = await studio.open(`#/${view}?v=1${small}`);
      await page.waitForSelector('.drop', PATIENT);
      const count = Math.ceil(DROPS * share);
      for (let from = 0; from < count; from += BATCH) {
        const files = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) =>
          file(dice(SEED, from + i)),
        );
        const said = await page.evaluate(drop, files);
        for (const [i, text] of said.entries()) {
          expect(text, `${view} ${from + i} ${files[i].name}`).not.toMatch(
            /^(stopped|not read|nothing said)/,
          );
          expect(text.length).toBeLessThan(5000);
        }
        expect(await page.locator('main img').count()).toBe(0);
      }
      expect(await page.locator('main h1').count()).toBe(1);
      expect(page.complaints).toEqual([]);
      await page.close();
    }
  });

  it(
    'come as two files at once, each told of; a folder is refused by name, and a name that is taken is said',
    PATIENT,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'mugi-drop-'));
      const [topology, design, weightsFolder] = ['net.csv', 'small.yaml', 'weights'].map((name) =>
        join(folder, name),
      );
      const other = join(weightsFolder!, 'small.yaml');
      writeFileSync(topology, seeds.TOPOLOGY);
      writeFileSync(design, 'base: sa-16\nsize: 24\n');
      mkdirSync(weightsFolder);
      writeFileSync(other, 'base: sa-16\nsize: 32\n');
      const page = await studio.open('#/compare?v=1&model=llama-3.2-1b&designs=mugi-256&baseline=mugi-256');
      // As the desktop does it: a script of the page cannot make a folder.
      const desktop = await page.context().newCDPSession(page);
      const dropAll = async (...files: string[]) => {
        for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
          await desktop.send('Input.dispatchDragEvent', {
            type,
            x: 600,
            y: 300,
            data: { items: [], files, dragOperationsMask: 1 },
          });
      };
      const said = () => page.locator('.drop [aria-live] p').allInnerTexts();
      await dropAll(topology, design);
      await expect.poll(() => page.locator('main h1').innerText(), PATIENT).toBe('Your model');
      await page.waitForSelector('tr[data-design="small"]', PATIENT);
      expect(await said()).toEqual(['Read the topology net.csv.', 'Added small.']);
      // The file behind it leaves the mistake where it is.
      await dropAll(weightsFolder, design);
      await expect.poll(said, PATIENT).toEqual(['small was there already, just the same.']);
      const error = page.locator('.drop .error');
      expect(await error.innerText()).toMatch(/a folder is none[^]*weights/);
      expect(await page.locator('tr[data-design="small"]').count()).toBe(1);
      await dropAll(other, topology);
      await expect
        .poll(said, PATIENT)
        .toEqual([
          'Put small in the place of the small that was there. Another name in the file keeps both.',
          'Read the topology net.csv.',
        ]);
      expect(await error.count()).toBe(0);
      expect(await page.locator('tr[data-design="small"]').count()).toBe(1);
      expect(page.complaints).toEqual([]);
      await page.close();
      rmSync(folder, { recursive: true });
    },
  );

  it('read headers and graphs, with the sizes that they leave open', PATIENT, async () => {
    const page = await studio.open('#/compare?v=1&designs=mugi-256');
    const input = page.getByLabel('File to open');
    const give = (name: string, buffer: Uint8Array) =>
      input.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(buffer) });
    const title = () => page.locator('main h1').innerText();
    await give('model.safetensors', weights);
    await page.getByText('none that tells the width of a head').waitFor(PATIENT);
    await page.getByLabel('Sizes that the file leaves open').fill('head_dim=16');
    await page.getByRole('button', { name: 'Read again' }).click();
    await expect.poll(title, PATIENT).toBe('Your model (llama)');
    await give('encoder.onnx', graphs[0]);
    await page.locator('.drop .error').waitFor(PATIENT);
    await page.getByLabel('Sizes that the file leaves open').fill('batch=2,sequence=8');
    await page.getByRole('button', { name: 'Read again' }).click();
    await expect.poll(title, PATIENT).toBe('Your model');
    await give('model.gguf', gguf);
    await page.getByText('Read the header of model.gguf').waitFor(PATIENT);
    await give('net.csv', bytes(seeds.TOPOLOGY));
    await page.getByText('Read the topology net.csv').waitFor(PATIENT);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
