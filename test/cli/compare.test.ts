import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { notesOf } from './json-lines.ts';
import { embeddedFolder } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

const script = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const env = { ...process.env, MUGI_CACHE: join(folder, 'cache') };
const mugi = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env, cwd: folder });
const compare = (...args: string[]) => mugi('compare', ...args);

interface Json {
  accuracy?: {
    model: string;
    own: boolean;
    targets: number;
    increases: { method: string; parts: { part: string }[] }[];
  };
  designs: {
    design: string;
    method: string;
    accuracy?: {
      method: string;
      loss_increase: number;
      loss_increase_ci95: number;
      tie: boolean;
      parts: object[];
    };
  }[];
  notes: string[];
}

interface Direct {
  part: string;
  tokens: number;
  over_stored: number;
  over_stored_ci95: number;
  loss_increase: number;
  loss_increase_ci95: number;
  tie: boolean;
  perplexity: number;
  kl: number;
}

it('--accuracy puts the loss of all that a design does beside it, as mugi accuracy measures it', () => {
  // A name says nothing: this design is called after Mugi and computes Taylor series.
  writeFileSync(join(folder, 'mugi-9.yaml'), 'name: mugi-9\nbase: sa-16\nmethod: taylor\n');
  const options = ['--baseline', 'sa-16', '--accuracy', '--accuracy-tokens', '512', '--designs'];
  const designs = 'mugi-128,mugi-l-128,sa-16,sa-16-pwl,mugi-9.yaml';
  const { status, stdout, stderr } = compare(...options, designs, '--json', '--plots', 'plots');
  expect(status).toBe(0);
  const announced = notesOf(stderr)
    .filter((note) => String(note).startsWith('wrote '))
    .toSorted();
  expect(announced).toEqual(readdirSync(join(folder, 'plots')).map((name) => `wrote ${join('plots', name)}`));
  const { accuracy, designs: rows, notes } = JSON.parse(stdout) as Json;
  expect(accuracy).toMatchObject({ model: 'mugi-tiny', own: false });
  expect(notes.join()).toContain('of mugi-tiny, not of llama-2-70b');
  // The output matrix is priced at 4 bits, and measured so.
  expect(notes.join()).not.toContain('measured as stored');
  for (const { parts } of accuracy!.increases) expect(parts.map(({ part }) => part)).toContain('head');
  const measured = Object.fromEntries(rows.map((row) => [row.design, [row.method, row.accuracy?.method]]));
  expect(measured).toEqual({
    'mugi-128': ['vlp', 'vlp'],
    'mugi-l-128': ['lut', 'vlp'],
    'sa-16': ['precise', 'exact'],
    'sa-16-pwl': ['pwl', 'pwl'],
    'mugi-9': ['taylor', 'taylor'],
  });
  const loss = (name: string) => rows.find(({ design }) => design === name)!.accuracy!;
  expect(loss('sa-16')).toMatchObject({ functions_increase: 0, functions_tie: true });
  expect(loss('sa-16').loss_increase).not.toBe(0);
  // Each in its own sums, as mugi accuracy measures that design; Mugi-L computes what Mugi does.
  for (const [name, design, method] of [
    ['mugi-128', 'mugi-128', 'vlp'],
    ['mugi-9', 'mugi-9.yaml', 'taylor'],
  ] as const) {
    const direct = mugi('accuracy', '--design', design, '--tokens', '512', '--method', method, '--json');
    const found = JSON.parse(direct.stdout) as Direct[];
    const whole = found.find(({ part }) => part === 'all')!;
    const own = loss(name);
    expect(own).toMatchObject({
      loss_increase: whole.over_stored,
      loss_increase_ci95: whole.over_stored_ci95,
      functions_increase: whole.loss_increase,
      perplexity: whole.perplexity,
      kl: whole.kl,
    });
    const parts = found.filter(({ part }) => part !== 'all');
    expect(own.parts).toEqual(
      parts.map(({ part, loss_increase, loss_increase_ci95, tie }) => ({
        part,
        loss_increase,
        loss_increase_ci95,
        tie,
      })),
    );
    expect(accuracy!.targets).toBe(whole.tokens);
  }
  expect(loss('mugi-l-128')).toEqual(loss('mugi-128'));
  expect(accuracy!.increases.map(({ method }) => method)).toEqual(['vlp', 'exact', 'pwl', 'taylor']);
  expect(readdirSync(join(folder, 'plots'))).toContain('accuracy.png');
  expect(readFileSync(join(folder, 'plots', 'accuracy.svg'), 'utf8')).toContain('cost mugi-tiny');
});

it('--accuracy measures the compared model itself where its folder holds weights', () => {
  const own = join(folder, 'my-model');
  cpSync(embeddedFolder('mugi-tiny'), own, { recursive: true });
  const options = [
    '--designs',
    'mugi-128',
    '--baseline',
    'sa-16',
    '--accuracy-tokens',
    '256',
    '--model',
    own,
  ];
  const page = compare(...options, '--accuracy', '--html', '-');
  expect(page.stdout).toMatch(/^<!doctype html>/);
  expect(page.stdout).toContain('loss − stored is of my-model itself');
  const csv = compare(...options, '--accuracy', 'mugi-tiny-gelu', '--csv').stdout.split('\n');
  const cells = csv[1].split(',');
  const column = (name: string) => cells[csv[0].split(',').indexOf(name)];
  expect(column('accuracy_model')).toBe('mugi-tiny-gelu');
  expect(column('method')).toBe('vlp');
  expect(Number(column('loss_increase_ci95'))).toBeGreaterThan(0);
  // One block has no interval, and so no verdict.
  const bounded = Number.isFinite(Number(column('loss_increase_ci95')));
  expect(bounded ? ['true', 'false'] : ['']).toContain(column('loss_tie'));
  const text = compare(...options, '--accuracy').stdout;
  // The heading and the notes wrap.
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(/nonlinear.* loss − stored of my-model/);
  expect(text).toMatch(/^ sa-16 \* +[+−]0\.\d{4}/m);
  expect(text.replaceAll(/\s+/g, ' ')).toContain('What the losses are made up of');
});

it('without --accuracy nothing is measured', () => {
  const result = JSON.parse(compare('--designs', 'mugi-128', '--json').stdout) as Json;
  expect(result.accuracy).toBeUndefined();
  expect(result.designs[0]).toMatchObject({ method: 'vlp' });
  expect(result.designs[0].accuracy).toBeUndefined();
});

it.each([
  [['--accuracy', 'mugi-tinny'], /no such model[^]*did you mean: mugi-tiny/],
  [['--accuracy', 'vit-mnist-gelu'], /needs images[^]*mugi accuracy --images/],
  [['--accuracy', '--accuracy-tokens', '0'], /--accuracy-tokens must be a whole number/],
  [['--with', 'norms', '--without', 'rope,norms'], /"norms" is both added and taken out/],
  [['--html', '-', '--json'], /--html - and --json would both go to standard output/],
  [['--plots', '-'], /cannot be written to standard output/],
])('refuses %j in one message', (args, message) => {
  const { status, stdout, stderr } = compare(...args);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ at .*\.ts:/);
  expect(existsSync(join(folder, '-'))).toBe(false);
});
