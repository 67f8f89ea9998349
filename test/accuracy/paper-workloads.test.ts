import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { AccuracyRow } from '../../src/accuracy/score/accuracy-row.ts';
import { accuracyText } from '../../src/cli/show/accuracy.ts';
import { PAPER_ITEMS } from '../../src/paper/index.ts';
import type { PaperResult } from '../../src/paper/item.ts';
import { generated } from '../model/doubles.ts';
import { SWIN, swinShapes } from '../model/swin-model.ts';
import { VIVIT, vivitShapes } from '../model/vision-shapes.ts';
import { writeFolder } from '../model/write-checkpoint.ts';
import { whisperFolder } from '../model/whisper-model.ts';
import { clipFolder, pngFolder } from './pictures.ts';
import { speechFolder, wavFile } from './sounds.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-workloads-'));
process.env.MUGI_CACHE = join(folder, 'cache');
const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));

function mugi(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const figure = async (name: string, model: string, data: object): Promise<PaperResult> =>
  (await PAPER_ITEMS.find((entry) => entry.name === name)!.load()).run({
    model,
    data: { ...data, tokens: 2 },
  });

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

const TEXTS = 'one two three four five six seven eight nine ten'.split(' ').map((word) => `${word} times`);

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
  {
    name: 'SwinV2',
    model: writeFolder(SWIN, generated(swinShapes())),
    data: { images: pngFolder(join(folder, 'images'), ['cat', 'dog', 'owl'], 4, 20) },
    unit: 'images',
    printed: 'swinv2-tiny',
    metric: 'loss',
    places: [5, 5],
  },
  {
    name: 'Whisper',
    model: whisperFolder(),
    data: { audio: speechFolder(join(folder, 'speech'), TEXTS) },
    unit: 'tokens',
    printed: 'whisper-tiny',
    metric: 'perplexity',
    places: [6, 6],
  },
];

it.each(WORKLOADS)(
  '$name runs accuracy, profile and tune, with VLP softmax and GELU',
  ({ model, data, unit, places: [softmax, activation] }) => {
    const flags = [
      '--tokens',
      '8',
      '--model',
      model,
      ...Object.entries(data).flatMap(([key, value]) => [`--${key}`, value]),
    ];
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
    expect(mugi('accuracy', ...flags, '--method', 'vlp', '--windows', windows)).toContain(` ${unit} of the `);
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

it('counts the wrong words of each method, and writes what is said in one sound', () => {
  const { model, data } = WORKLOADS.find(({ name }) => name === 'Whisper')!;
  const flags = ['--model', model, '--audio', data['audio'], '--windows', 'default'];
  const asked = ['accuracy', ...flags, '--tokens', '20', '--method', 'vlp', '--transcribe', '--json'];
  const rows = JSON.parse(mugi(...asked)) as AccuracyRow[];
  expect(accuracyText(rows, 'speech', 'tokens')).toMatch(/Words\n[^]*of \d+/);
  const whole = rows.filter(({ part }) => part === 'all');
  for (const row of whole) {
    expect(row.words).toBeGreaterThan(2);
    expect(row.word_error_rate).toBe(row.word_errors! / row.words!);
  }
  expect(rows.filter(({ part }) => part !== 'all').some((row) => 'words' in row)).toBe(false);
  const sound = join(folder, 'one.wav');
  writeFileSync(sound, wavFile(Array.from({ length: 4000 }, (_, i) => Math.sin(i / 9))));
  const written = JSON.parse(
    mugi('generate', '--model', model, '--sound', sound, '--max-tokens', '5', '--json'),
  ) as { ids: number[]; sound: string };
  expect(written.ids.length).toBeLessThanOrEqual(5);
  expect(written.sound).toBe(sound);
  expect(() => mugi('generate', '--model', model, '--prompt', 'hi')).toThrow(/--sound/);
  expect(() => mugi('generate', '--sound', sound)).toThrow(/--prompt/);
});
