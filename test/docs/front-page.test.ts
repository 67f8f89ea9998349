import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { answers } from '../../src/compare/answers.ts';
import { COLUMNS, comparison } from '../../src/compare/comparison.ts';
import { comparisonJson } from '../../src/compare/comparison-rows.ts';
import { gainText } from '../../src/evaluate/gain.ts';
import { gatesNote, MACHINE_GATES, stepEnergyPerMac } from '../../src/evaluate/gates.ts';
import { preset } from '../../src/published/preset.ts';
import { pricedDesign } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { START } from '../../src/question/address.ts';
import { root, textOf } from './page.ts';

/**
 * README, docs/honest.md, the page, the picture and `npm start` say the same: what `compare` gives. A reader who quotes the
 * first number of any of them quotes what the tool believes.
 */
const mugi = (...args: string[]): string =>
  execFileSync(process.execPath, ['bin/mugi.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64e6,
    env: { ...process.env, COLUMNS: '80', NO_COLOR: '1' },
  });

interface Row {
  design: string;
  energy_J: number;
  energy_dram_J: number;
  gains: Record<string, number>;
}
interface Json {
  baseline: string;
  designs: Row[];
}

let ours: Row;
let json: Json;
let overSquare: Row;
const inDesign = ({ designs }: Json, name: string): Row => designs.find(({ design }) => design === name)!;
beforeAll(() => {
  json = JSON.parse(mugi('compare', '--json')) as Json;
  ours = inDesign(json, 'mugi-256');
  const square = JSON.parse(
    mugi('compare', '--designs', 'mugi-256', '--baseline', 'sa-16', '--json'),
  ) as Json;
  overSquare = inDesign(square, 'mugi-256');
});

/** Numbers with two decimals, in order. */
const numbersOf = (text: string): string[] => [...text.matchAll(/\b\d+\.\d\d\b/g)].map(([number]) => number);
const gain = (row: Row, metric: string): string => row.gains[metric]!.toFixed(2);
const ENERGIES = ['energy_per_token_with_dram_J', 'energy_per_token_J'];
const headline = (): string[] => [...ENERGIES, 'tokens_per_s'].map((metric) => gain(ours, metric));
const flat = (page: string): string => textOf(page).replaceAll(/\s+/g, ' ');

it('compares with the best array of the same cells, and energy with DRAM stands first', () => {
  expect(json.baseline).not.toBe('sa-16');
  expect(COLUMNS[0].metric).toBe('energy_per_token_with_dram_J');
  expect(COLUMNS[1].metric).toBe('energy_per_token_J');
});

it('the first numbers of README are those of the comparison', () => {
  const page = flat('README.md');
  expect(numbersOf(page).slice(0, 3)).toEqual(headline());
  const [, bold = ''] = /\*\*(mugi-256 gives [^*]*)\*\*/.exec(page)!;
  expect(numbersOf(bold)).toEqual(headline());
  const [, square = ''] = /it would be (\d\.\d) times the tokens a second/.exec(page)!;
  expect(square).toBe(overSquare.gains.tokens_per_s!.toFixed(1));
});

it('README has what the comparison gives by whole machines on gates', () => {
  const gates = JSON.parse(mugi('compare', '--technology', 'gates', '--json')) as Json;
  expect(gates.baseline).toBe(json.baseline);
  const [, ...numbers] = /\(`--technology gates`\) it is ([\d.]+) and ([\d.]+) times/.exec(
    flat('README.md'),
  )!;
  expect(numbers).toEqual(ENERGIES.map((metric) => gain(inDesign(gates, 'mugi-256'), metric)));
});

describe('docs/honest.md', () => {
  it('tells what to quote as the comparison has it', () => {
    const page = flat('docs/honest.md');
    const [, bold = '', less = ''] =
      /Against it mugi-256 has \*\*([^*]*)\*\*, on ([\d.]+) times less area/.exec(page)!;
    expect(numbersOf(bold)).toEqual(headline());
    expect(less).toBe(gain(ours, 'area_mm2'));
    const [, not = ''] = /Quote that, not the ([\d.]+) over sa-16/.exec(page)!;
    expect(not).toBe(gain(overSquare, 'tokens_per_s'));
  });

  it('tells what DRAM adds and takes', () => {
    const page = flat('docs/honest.md');
    const [, adds = ''] = /for mugi-256 below it adds (\d+) %/.exec(page)!;
    expect(adds).toBe(((100 * ours.energy_dram_J) / ours.energy_J).toFixed(0));
    const [, ...falls] =
      /falls from ([\d.]+) to ([\d.]+) over the best systolic array, and from ([\d.]+) to ([\d.]+) over sa-16/.exec(
        page,
      )!;
    const metrics = ['energy_per_token_J', 'energy_per_token_with_dram_J'];
    expect(falls).toEqual([ours, overSquare].flatMap((row) => metrics.map((metric) => gain(row, metric))));
  });
});

it('npm start shows them first, in 80 columns, with the baseline marked', () => {
  const text = mugi('compare');
  const row = text.split('\n').find((line) => line.startsWith(' mugi-256 '))!;
  expect([...row.matchAll(/([\d.]+)×/g)].map(([, own]) => own).slice(0, 3)).toEqual(headline());
  expect(text).toContain(` ${json.baseline} *`);
  for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80);
});

it('the page shows them on its first cards', () => {
  const page = mugi('compare', '--html', '-');
  const cards = [...page.matchAll(/<div class="card (\w+)"><b>([^<]*)×<\/b><span>([^<]*)/g)];
  expect(cards.slice(0, 3).map(([, , own]) => own)).toEqual(headline());
  expect(cards.map(([, , , label]) => label)).toEqual(COLUMNS.map(({ label }) => label));
  for (const [, kind, own] of cards) expect(kind).toBe(Number(own) > 1 ? 'better' : 'worse');
});

it('the studio opens with them', () => {
  expect(START.view).toBe('compare');
  const { evaluations, baseline, sources } = answers(question(START.asked));
  expect(baseline).toBe(json.baseline);
  const { designs } = comparisonJson(comparison(evaluations, baseline), '', sources) as unknown as Json;
  const row = inDesign({ baseline, designs }, 'mugi-256');
  expect([...ENERGIES, 'tokens_per_s'].map((metric) => gain(row, metric))).toEqual(headline());
});

it('the picture of README shows the gains of all designs', () => {
  const svg = textOf('docs/pictures/compare-gains.svg');
  const drawn = [...svg.matchAll(/; design: ([^;"]+); text: ([^"]+)"/g)].map(
    ([, design, text]) => `${design} ${text}`,
  );
  const expected = json.designs.flatMap(({ design, gains }) =>
    COLUMNS.map(({ metric }) => `${design} ${gainText(gains[metric]!)}`),
  );
  expect(drawn.sort()).toEqual(expected.sort());
  expect(svg).toContain(`Gain over ${json.baseline}`);
});

describe('what is known of the gates', () => {
  const priced = pricedDesign('mugi-256', preset('corrected'), PUBLISHED_45);

  it('stands with the numbers in README and in the comparison', () => {
    const { zeroDelay, withEstimates } = MACHINE_GATES.get('mugi-256')!;
    const numbers = [zeroDelay, stepEnergyPerMac(priced), withEstimates].map((number) => number.toFixed(2));
    for (const rival of ['sa-8x32', 'sa-8x32-os', 'sd-8x32', 'sa-f-8x32', 'sd-f-8x32'])
      expect(flat('README.md')).toContain(
        `\`${rival}\` ${MACHINE_GATES.get(rival)!.withEstimates.toFixed(2)}`,
      );
    expect(flat('README.md')).toContain(
      `mugi-256 takes ${numbers[0]} pJ a MAC at zero delay, where these costs count ${numbers[1]}, and ${numbers[2]} with glitches`,
    );
    const note = gatesNote([priced])!;
    expect(numbersOf(note).slice(0, 3)).toEqual(numbers);
    expect(mugi('compare').replaceAll(/\s+/g, ' ')).toContain(note);
  });
});
