import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PAPER_ITEMS } from '../../src/paper/index.ts';
import type { PaperResult } from '../../src/paper/item.ts';
import { generated } from '../model/doubles.ts';
import { VIVIT, vivitShapes } from '../model/vision-shapes.ts';
import { writeFolder } from '../model/write-checkpoint.ts';
import { clipFolder } from './pictures.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-workloads-'));
process.env.MUGI_CACHE = join(folder, 'cache');
const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));

function mugi(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const figure = async (name: string, model: string, data: object): Promise<PaperResult> =>
  (await PAPER_ITEMS.find((entry) => entry.name === name)!.load()).run({ model, data });

interface Workload {
  name: string;
  model: string;
  data: Record<string, string>;
  unit: string;
  printed: string;
  metric: 'perplexity' | 'loss';
  /** Softmax and activation places. */
  places: [number, number];
}

const WORKLOADS: Workload[] = [
  {
    name: 'ViViT',
    model: writeFolder(VIVIT, generated(vivitShapes())),
    data: { images: clipFolder(join(folder, 'clips'), ['fall', 'jump', 'run'], 4, [4, 6, 6, 2]) },
    unit: 'clips',
    printed: 'vivit-b',
    metric: 'loss',
    places: [2, 2],
  },
];

it.each(WORKLOADS)(
  '$name runs accuracy, profile and tune, with VLP softmax and GELU',
  ({ model, data, unit, places: [softmax, activation] }) => {
    const flags = ['--model', model, ...Object.entries(data).flatMap(([key, value]) => [`--${key}`, value])];
    const rows = JSON.parse(mugi('accuracy', ...flags, '--method', 'vlp,pwl,exact', '--json')) as Record<
      string,
      unknown
    >[];
    const whole = rows.filter(({ part }) => part === 'all');
    expect(whole.map(({ method }) => method)).toEqual(['vlp', 'pwl', 'exact']);
    for (const row of whole) expect(row['loss']).toBeGreaterThan(0);
    expect(whole[0]['kl']).toBeGreaterThan(0);
    expect(whole[0]['settings']).toMatch(/^softmax \[.*\], gelu/);
    expect(mugi('accuracy', ...flags, '--method', 'vlp', '--windows', 'default')).toContain(
      ` ${unit} of the `,
    );

    const profile = JSON.parse(mugi('profile', ...flags, '--json')) as {
      distributions: { function: string; layer: number; inputs: number }[];
    };
    const of = (soft: boolean) =>
      profile.distributions.filter((d) => (d.function === 'softmax') === soft && d.inputs > 0);
    expect([of(true).length, of(false).length]).toEqual([softmax, activation]);

    const windows = join(folder, `${unit}.json`);
    mugi('tune', ...flags, '--out', windows);
    const written = JSON.parse(readFileSync(windows, 'utf8')) as { windows: { function: string }[] };
    expect(written.windows.filter((entry) => entry.function === 'softmax')).toHaveLength(softmax);
    expect(written.windows.filter((entry) => entry.function !== 'softmax')).toHaveLength(activation);
    expect(mugi('accuracy', ...flags, '--method', 'vlp', '--windows', windows)).toContain('vlp');
  },
);

it.each(WORKLOADS)('the figures take $name', async ({ model, data, printed, metric, places: [softmax] }) => {
  const fig4 = await figure('fig4', model, data);
  expect(fig4.summary!.filter((row) => row['function'] === 'softmax')).toHaveLength(softmax);
  const fig6 = await figure('fig6', model, data);
  expect(fig6.rows).toHaveLength(75);
  for (const row of fig6.rows) {
    expect(row['paper_model']).toBe(printed);
    expect(row[metric]).toBeGreaterThan(0);
  }
  expect(fig6.rows.filter((row) => row['paper'] !== null).length).toBeGreaterThan(30);
  const fig7 = await figure('fig7', model, data);
  expect(fig7.summary).toHaveLength(2 * (softmax + 1));
});
