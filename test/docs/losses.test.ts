import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AccuracyRow } from '../../src/accuracy/score/accuracy-row.ts';
import { PART_NAMES } from '../../src/accuracy/score/accuracy-parts.ts';
import { root, tableOf, textOf } from './page.ts';

/**
 * The losses of docs/accuracy.md are what its commands print. Those of 954 targets are measured here; `npm run
 * nightly:losses` measures all, the whole text among them.
 */
const PAGE = 'docs/accuracy.md';
const NIGHTLY = process.env.LOSSES === 'all';
const HOUR = { timeout: 3_600_000 };
const cache = mkdtempSync(join(tmpdir(), 'mugi-losses-'));
const flat = textOf(PAGE).replaceAll(/\s+/g, ' ');

async function mugi<T>(command: string): Promise<T> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['bin/mugi.js', ...command.split(' '), '--json'],
    { cwd: root, maxBuffer: 64e6, env: { ...process.env, MUGI_CACHE: cache } },
  );
  return JSON.parse(stdout) as T;
}

/** A difference as the page writes it: with its sign, which a zero has none of. */
const signed = (value: number, digits = 4): string =>
  Number(value.toFixed(digits)) === 0
    ? (0).toFixed(digits)
    : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
const within = (value: number, half: number, digits = 4): string =>
  `${signed(value, digits)} ± ${half.toFixed(digits)}`;
const percent = (share: number, digits: number): string => `${(100 * share).toFixed(digits)} %`;
const small = (value: number): string => value.toExponential(1);

const wholes = (rows: readonly AccuracyRow[]): AccuracyRow[] => rows.filter(({ part }) => part === 'all');

/** Four cells of a method, of which exact has none. */
const cellsOf = (row: AccuracyRow): string[] => [
  within(row.loss_increase, row.loss_increase_ci95),
  row.tie === true ? 'tie' : row.loss_increase < 0 ? 'better' : 'worse',
  small(row.kl!),
  percent(row.top1_agreement!, 2),
];

/** The methods of the page with the four cells of a number of targets. */
const shownMethods = (from: number): string[][] =>
  tableOf(PAGE, 'loss − exact, 4,096').map((cells) => [
    /`([\w-]+)`/.exec(cells[0]!)![1]!,
    ...cells.slice(from, from + 4),
  ]);
const measuredMethods = (rows: readonly AccuracyRow[]): string[][] =>
  wholes(rows)
    .filter(({ method }) => method !== 'exact')
    .map((row) => [row.method, ...cellsOf(row)]);

it('the methods on 954 targets, and how much more faithful than VLP the fair ones are', async () => {
  const rows = await mugi<AccuracyRow[]>('accuracy --arithmetic stored --tokens 1024');
  expect(new Set(rows.map(({ tokens }) => tokens))).toEqual(new Set([954]));
  expect(measuredMethods(rows)).toEqual(shownMethods(5));
  const kl = Object.fromEntries(wholes(rows).map((row) => [row.method, row.kl!]));
  const order = Object.keys(kl).toSorted((a, b) => kl[b]! - kl[a]!);
  expect(order.indexOf('vlp')).toBe(1);
  for (const fair of ['pwl-fair', 'taylor-fair']) expect(kl.vlp! / kl[fair]!).toBeGreaterThan(40);
});

it.each(['mugi-tiny', 'mugi-tiny-gelu'])('what makes up all that mugi-256 does to %s', async (model) => {
  const rows = await mugi<AccuracyRow[]>(`accuracy --method vlp --tokens 1024 --model ${model}`);
  const measured = rows.map((row) =>
    row.part === 'all'
      ? [PART_NAMES.all, within(row.over_stored!, row.over_stored_ci95!)]
      : [PART_NAMES[row.part], within(row.loss_increase, row.loss_increase_ci95)],
  );
  const column = model === 'mugi-tiny' ? 1 : 2;
  const shown = tableOf(PAGE, '`mugi-tiny-gelu`').map((cells) => [
    cells[0]!
      .replace(/^functions$/, PART_NAMES.functions)
      .replace(/^BF16 activations$/, PART_NAMES.activations),
    cells[column],
  ]);
  expect(measured.toSorted()).toEqual(shown.toSorted());
});

it('what switches cost Llama 2 70B', async () => {
  type Point = { tokens_per_s: number; energy_per_token_J: number };
  const of = (flags: string) =>
    mugi<Point>(`evaluate --design mugi-256 --model llama-2-70b --head-bits 16${flags}`);
  const plain = await of('');
  const moved = async (flags: string): Promise<[time: number, energy: number]> => {
    const { tokens_per_s: speed, energy_per_token_J: energy } = await of(flags);
    return [100 * (plain.tokens_per_s / speed - 1), 100 * (energy / plain.energy_per_token_J - 1)];
  };
  const [, least] = /move by less than ([\d.]+) % for norms, rope and 1\/sum/.exec(flat)!;
  for (const flags of ['vlp --rope vlp --normalise vlp', 'vlp-newton --rope vlp'])
    for (const change of await moved(` --norms ${flags}`))
      expect(Math.abs(change)).toBeLessThan(Number(least));
  const [, ...reduced] = /reduced` takes ([\d.]+) % more time and ([\d.]+) % more energy/.exec(flat)!;
  const [, ...divided] = /divide` ([\d.]+) % and ([\d.]+) %/.exec(flat)!;
  expect((await moved(' --range reduced')).map((change) => change.toFixed(2))).toEqual(reduced);
  expect((await moved(' --normalise divide')).map((change) => change.toFixed(1))).toEqual(divided);
});

const nightly = (): void => {
  it('the methods on 4,096 targets, and which of them differ from exact', HOUR, async () => {
    const rows = await mugi<AccuracyRow[]>('accuracy --arithmetic stored');
    expect(measuredMethods(rows)).toEqual(shownMethods(1));
    const apart = rows.filter(
      ({ part, method, tie }) => part === 'all' && method !== 'exact' && tie === false,
    );
    expect(apart.map(({ method }) => method).toSorted()).toEqual(['pwl-fair', 'taylor']);
  });

  it('the whole text', HOUR, async () => {
    const rows = wholes(
      await mugi<AccuracyRow[]>('accuracy --arithmetic stored --tokens all --method vlp,exact'),
    );
    const [vlp, exact] = ['vlp', 'exact'].map((name) => rows.find(({ method }) => method === name)!);
    expect(flat).toContain(`(${exact!.tokens.toLocaleString('en')} tokens), the functions alone`);
    const loss = (row: AccuracyRow) => [
      `${row.loss.toFixed(5)} ± ${row.loss_ci95.toFixed(4)}`,
      row.perplexity.toFixed(4),
    ];
    const [shownExact, shownVlp] = tableOf(PAGE, 'out of range').map((cells) => cells.slice(1));
    expect(shownExact!.filter((cell) => cell !== '')).toEqual(loss(exact!));
    expect(shownVlp).toEqual([
      ...loss(vlp!),
      within(vlp!.loss_increase, vlp!.loss_increase_ci95, 5),
      small(vlp!.kl!),
      percent(vlp!.top1_agreement!, 2),
      percent(vlp!.clamped_share, 1),
    ]);
    const { loss_increase: more, loss_increase_ci95: half } = vlp!;
    expect(flat).toContain(
      `raised perplexity by ${percent(Math.expm1(more), 3)} (interval ${(100 * Math.expm1(more - half)).toFixed(3)} to ${percent(Math.expm1(more + half), 3)})`,
    );
  });

  it('automatic windows', HOUR, async () => {
    type Compared = {
      over_default: { loss_increase: number; loss_increase_ci95: number; tie: boolean } | null;
    };
    const rows = await mugi<Compared[]>(`tune --out ${join(cache, 'windows.json')}`);
    const [{ loss_increase, loss_increase_ci95, tie }] = rows.flatMap(
      ({ over_default }) => over_default ?? [],
    );
    const [, less, half] = /automatic windows lose ([\d.]+) ± ([\d.]+) less, a tie/.exec(flat)!;
    expect([(-loss_increase).toFixed(4), loss_increase_ci95.toFixed(4), tie]).toEqual([less, half, true]);
  });

  it('windows of the figures', HOUR, async () => {
    type Figure = { items: { rows: Record<string, string | number>[] }[] };
    const rowsOf = async (name: string) => (await mugi<Figure>(`paper ${name}`)).items[0]!.rows;
    const rows = await rowsOf('fig7');
    const last = (way: string) => rows.filter((row) => row.way === way).at(-1)!;
    const perplexity = (row: Record<string, string | number>) => Number(row.perplexity).toFixed(3);
    const chosen = rows.filter(({ way, layer }) => way === 'automatic' && Number(layer) > 0);
    expect(new Set(chosen.map(({ lo, hi }) => `${lo} ${hi}`))).toEqual(new Set(['-4 3']));
    const figure = await rowsOf('fig6');
    const cells = figure.filter(({ method, function: of }) => method === 'vlp' && of === 'softmax');
    const best = cells.toSorted((a, b) => Number(a.perplexity) - Number(b.perplexity))[0]!;
    expect(flat).toContain(
      `gives a perplexity of ${perplexity(last('automatic'))} on test text (exact ${Number(best.exact_perplexity).toFixed(3)}); the greedy sweep takes ${last('greedy').model_passes} evaluations of the model and gives ${perplexity(last('greedy'))}`,
    );
    expect(flat).toContain(`a LUT of ${best.y} up to exponent ${best.x}, has ${perplexity(best)}`);
  });

  it('no combination of other functions by VLP is better in loss and energy', HOUR, async () => {
    const [, command] = /`mugi (explore --vary norms[^`]*)` makes the next numbers/.exec(flat)!;
    const answer = await mugi<{
      front: { loss_increase: number; loss_increase_ci95: number; parameters: Record<string, string> }[];
    }>(command!);
    expect(answer.front).toHaveLength(1);
    const [{ loss_increase, loss_increase_ci95, parameters }] = answer.front;
    expect(parameters).toMatchObject({ norms: 'exact', rope: 'exact', normalise: 'reciprocal' });
    expect(flat).toContain(`at ${within(loss_increase, loss_increase_ci95)} nats above the stored model`);
  });
};

// Hours are no part of the tests, not even as tests that are left out.
if (NIGHTLY) describe('npm run nightly:losses', nightly);
