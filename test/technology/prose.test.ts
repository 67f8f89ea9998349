import { describe, expect, it } from 'vitest';
import { GLITCHES_OFF } from '../../scripts/gates-tables.ts';
import { LIBRARIES, LIBRARY_OFF, ON_OPEN_45_ALONE } from '../../scripts/library-tables.ts';
import { designNamed } from '../../src/design/index.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { priceParts } from '../../src/evaluate/price.ts';
import { modelEnergyPerMac } from '../../src/evaluate/whole-machines.ts';
import { CLOCK, CLOCK_TREE, WIRES } from '../../src/hardware/synthesis/policy.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { GATES, GATES_TABLE } from '../../src/technology/gates.ts';
import { ablationWide } from '../../src/paper/ablation.ts';
import { wholeInferences } from '../../src/paper/whole-inferences.ts';
import { OPEN_45, OPEN_45_TABLE } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { type MachineRow, STATED, WHOLE_BATCH } from '../../src/technology/whole-machine.ts';
import type { Technology } from '../../src/technology/technology.ts';
import { textOf } from '../docs/page.ts';

/* Sentences of the docs that repeat numbers of a table, or say what follows from them. */

const flat = (page: string): string => textOf(page).replaceAll(/\s+/g, ' ');
const has = (page: string, sentences: readonly string[]): void => {
  for (const sentence of sentences) expect(flat(page)).toContain(sentence);
};

const row = (name: string) => GATES_TABLE.machines.find(({ machine }) => machine === name)!;
/** pJ a MAC with all estimates. */
const energy = (name: string, batch: number = WHOLE_BATCH): number =>
  row(name).per_mac.find((one) => one.batch === batch)!.estimated_total;
const area = (name: string): string => row(name).area_mm2.toFixed(2);
const overMugi = (name: string): string => (energy(name) / energy('mugi-256')).toFixed(2);

const inference = (design: string, technology: Technology, batch = 8) =>
  metrics(evaluatePoint({ design, model: 'llama-2-70b', technology, batch }));
const perJoule = (design: string, technology: Technology): number =>
  inference(design, technology).tokens_per_J;
const percent = (share: number): string => (100 * share).toFixed(0);
/** Of the designs in the table of docs/verdict.md. */
const bestBf16 = (technology: Technology): number =>
  Math.max(...['sa-8x32-os', 'sa-16-os', 'sd-16'].map((design) => perJoule(design, technology)));

/** Rivals of 64 multiply-accumulates a cycle that have multipliers, by energy at batch 1. */
const singles = ['sa-8', 'sa-8-os', 'sd-8', 'sa-f-8', 'sd-f-8'].toSorted(
  (a, b) => energy(a, 1) - energy(b, 1),
);
const [least, most] = [singles[0]!, singles.at(-1)!];

describe('docs/verdict.md', () => {
  const page = 'docs/verdict.md';

  it('states the rules as they are', () =>
    has(page, [
      `one file: ${CLOCK.MHz} MHz, clock gates, ${WIRES.perFanout} fF a fan-out, ${WIRES.perMicrometre} fF/µm between tiles, clock tree of fan-out ${CLOCK_TREE.fanout}`,
      `a scale for ${STATED} inputs, batch 1, 8 and 16`,
      `good to about ± ${percent(GLITCHES_OFF)} % of their share`,
      `less the ${percent(LIBRARY_OFF)} % by which NanGate45's totals are lower at most`,
      `adds glitches with ${percent(GLITCHES_OFF)} % on top`,
    ]));

  it('says of NanGate45 what was measured on it', () => {
    const of = (row: MachineRow) => row.per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;
    const each = LIBRARIES.map(({ machine, rows: [ours, other] }) => ({
      machine,
      ours: of(ours),
      other: of(other),
      area: other.area_mm2 / ours.area_mm2,
      MHz: other.frequency_MHz,
    }));
    const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
    const range = (values: readonly number[], shown: (value: number) => string) =>
      [sorted(values)[0]!, sorted(values).at(-1)!].map(shown).join(' to ');
    const less = (key: 'total' | 'data' | 'clock_gates' | 'data_pins', sign = 1) =>
      range(
        each.map(({ ours, other }) => sign * (1 - other[key] / ours[key])),
        percent,
      );
    const [small, large] = ['mugi-64', 'mugi-256'].map(
      (name) => each.find(({ machine }) => machine === name)!,
    );
    const beside = (mugi: typeof small, which: 'ours' | 'other', one: typeof small) =>
      one![which].estimated_total / mugi![which].estimated_total;
    const moved = (mugi: typeof small, names: RegExp) =>
      each
        .filter(({ machine }) => names.test(machine))
        .map((one) => beside(mugi, 'ours', one) - beside(mugi, 'other', one));
    const order = (which: 'ours' | 'other') =>
      each
        .filter(({ machine }) => /x32$|-256$/.test(machine) && machine !== 'sa-8x32-os')
        .toSorted((a, b) => a[which].estimated_total - b[which].estimated_total)
        .map(({ machine }) => machine);
    expect(order('other')).toEqual(order('ours'));
    const carat = each.find(({ machine }) => machine === 'carat-256')!;
    const inPlace = each.find(({ machine }) => machine === 'sa-8x32-os')!;
    const glitches = ({ total, timed_total }: MachineRow['per_mac'][number]) =>
      percent(timed_total / total - 1);
    const squares = ['sa-16', 'sa-16-os', 'sd-16', 'sa-f-16', 'sd-f-16', 'pick-16'];
    expect(ON_OPEN_45_ALONE.toSorted()).toEqual(['mugi-128', 'sd-f-4', ...squares].toSorted());
    has(page, [
      '`mugi-128`, `sd-f-4` and the squares of 16 are measured on open-45 alone',
      `move by ${Math.max(...moved(large, /8x32/).map(Math.abs)).toFixed(2)} at the most`,
      `Carat's, from ${beside(large, 'ours', carat).toFixed(2)} to ${beside(large, 'other', carat).toFixed(2)}`,
      `falls from ${beside(large, 'ours', inPlace).toFixed(2)} times Mugi to ${beside(large, 'other', inPlace).toFixed(2)}`,
      `lower everywhere, by ${less('total').replace(' to', ' % (`carat-64`) to')} % (\`pick-8x32\`)`,
      `what computes takes ${less('data')} % less and clock gates ${less('clock_gates')} % less`,
      `take ${less('data_pins', -1)} % more at their data pins`,
      `come off ${range(moved(small, /^s[ad]-8(-os)?$/), (share) => share.toFixed(2))} better`,
      `adds ${glitches(small!.other)} % to Mugi's node of 64 rows on NanGate45 and ${glitches(small!.ours)} % on open-45, and ${glitches(large!.other)} % and ${glitches(large!.ours)} % to that of 256 rows`,
      `Areas are ${range(
        each.map(({ area }) => area),
        (ratio) => ratio.toFixed(2),
      )} times open-45's, and all machines reach the ${CLOCK.MHz} MHz of the policy, ${range(
        each.map(({ MHz }) => MHz),
        (MHz) => MHz.toFixed(0),
      )}`,
    ]);
  });

  it('states of machines what the table has', () => {
    expect([least, most]).toEqual(['sd-f-8', 'sa-8-os']);
    const bf16 = ['sa-8x32', 'sa-8x32-os', 'sd-8x32'].map(area).toSorted();
    has(page, [
      `the weight-stationary systolic array takes ${overMugi('sa-8x32')} times what Mugi takes, the output-stationary one ${overMugi('sa-8x32-os')} times, the SIMD array ${overMugi('sd-8x32')} times`,
      `the systolic array takes ${overMugi('sa-f-8x32')} times what Mugi takes and dot products ${overMugi('sd-f-8x32')} times`,
      `its node of 64 rows takes ${energy('mugi-64', 1).toFixed(1)} pJ where rivals with multipliers take ${energy(least, 1).toFixed(1)} (FIGNA dot products) to ${energy(most, 1).toFixed(1)} (BF16)`,
      `Carat of 64 rows takes ${energy('carat-64', 1).toFixed(1)}`,
      `Mugi has ${area('mugi-256')} mm² for 256 a cycle, within 5 % of the published 0.9; BF16 rivals with their vector arrays have ${bf16[0]} to ${bf16[2]}, FIGNA ${area('sd-f-8x32')} and ${area('sa-f-8x32')}`,
      `\`carat-64\` takes ${energy('carat-64').toFixed(2)} pJ where \`mugi-64\` takes ${energy('mugi-64').toFixed(2)}, on ${area('carat-64')} mm² beside ${area('mugi-64')}`,
      `at 256 rows it is ${energy('carat-256').toFixed(2)} beside ${energy('mugi-256').toFixed(2)}, on ${area('carat-256')} mm² beside ${area('mugi-256')}`,
    ]);
    expect(row('mugi-256').area_mm2 / 0.9).toBeLessThan(1.05);
  });

  it('states of whole inferences what the table has', () => {
    const mugi = (technology: Technology): number => perJoule('mugi-256', technology);
    const gains = [PUBLISHED_45, OPEN_45, GATES].map((one) => (mugi(one) / bestBf16(one)).toFixed(2));
    const takes = [PUBLISHED_45, OPEN_45].map((one) => percent(1 - mugi(GATES) / mugi(one)));
    const output = [PUBLISHED_45, OPEN_45, GATES].map((one) => perJoule('sa-8x32-os', one));
    has(page, [
      `Mugi gives ${gains[0]} and ${gains[1]} times what the best BF16 design does; by whole machines ${gains[2]} times (${mugi(GATES).toFixed(2)} beside ${bestBf16(GATES).toFixed(2)})`,
      `Whole machines take from Mugi ${takes[0]} % of what the published costs promise and ${takes[1]} % of what parts of our own do`,
      `where the published costs have it (${percent(output[2]! / output[1]! - 1)} % above parts of our own)`,
    ]);
    expect(Math.abs(output[2]! / output[0]! - 1)).toBeLessThan(0.01);
  });
});

describe('docs/ablation.md', () => {
  const all = wholeInferences();
  const of = (design: string, batch: number) =>
    all.find((one) => one.design === design && one.batch === batch)!;
  const over = (
    key: 'tokens_per_J' | 'tokens_per_J_with_dram' | 'tokens_per_s',
    design = 'pick-8x32',
    batch: number = WHOLE_BATCH,
  ): string => (of(design, batch)[key] / of('mugi-256', batch)[key]).toFixed(2);
  const share = (design: string, digits: number): string => {
    const { time_nonlinear_s, time_s } = inference(design, GATES);
    return (100 * (time_nonlinear_s / time_s)).toFixed(digits);
  };

  const interval = (name: string): string => {
    const { total, glitches, estimated_total } = row(name).per_mac.find(
      ({ batch }) => batch === WHOLE_BATCH,
    )!;
    const [low, high] = [total * (1 - LIBRARY_OFF), estimated_total + GLITCHES_OFF * glitches];
    return `${low.toFixed(2)} to ${high.toFixed(2)}${name === 'mugi-256' ? ' pJ' : ''} for \`${name}\``;
  };

  it('says what a whole model gains on its best array, and so does the verdict', () => {
    const [pick, mugi] = ['pick-8x32', 'mugi-256'].map((design) => of(design, WHOLE_BATCH).area_mm2);
    has('docs/ablation.md', [
      `${over('tokens_per_J')} times the tokens per joule on chip that Mugi gives at batch ${WHOLE_BATCH}, ${over('tokens_per_J', 'pick-8x32', 1)} times at batch 1`,
      `(${over('tokens_per_J_with_dram')} and ${over('tokens_per_J_with_dram', 'pick-8x32', 1)} times with DRAM), at ${over('tokens_per_s')} times its throughput, on ${pick!.toFixed(2)} mm² instead of ${mugi!.toFixed(2)}`,
      `(\`sa-f-8x32-os\`, for which the array that keeps weights stands) give ${over('tokens_per_J', 'sa-f-8x32-os')} times as much as Mugi`,
      `(\`sd-f-8x32\`, ${over('tokens_per_J', 'sd-f-8x32')} times)`,
      `take ${share('pick-8x32', 0)} % of the time instead of ${share('mugi-256', 1)} %`,
      `Parts of \`open-45\` take ${(OPEN_45.logic.ch_aloc.energy_nJ * 1e3).toFixed(2)} pJ for a step of the search`,
      `beside the products of all outputs that read it, at ${energy('pick-8x32').toFixed(2)} pJ each`,
    ]);
    const [many, picks] = (['multiplier', 'space'] as const).map(
      (pick) => ablationWide().find((one) => one.pick === pick && one.macs === 256)!,
    );
    const less = (key: 'zero_delay_pJ' | 'timed_pJ' | 'area_mm2'): string =>
      percent(1 - picks![key] / many![key]);
    has('docs/ablation.md', [
      `it is worth ${less('zero_delay_pJ')} % of energy and ${less('timed_pJ')} % timed, and nothing once the wires of their buses are estimated; ${less('area_mm2')} % of area stay`,
      `the same array with multipliers takes ${many!.with_estimates_pJ.toFixed(2)} pJ beside ${picks!.with_estimates_pJ.toFixed(2)}`,
      ...['mugi-256', 'pick-8x32'].map((name) => interval(name)),
    ]);
    const published = ['pick-8x32', 'mugi-256'].map((design) => perJoule(design, PUBLISHED_45));
    const counted = (design: string): string =>
      modelEnergyPerMac(priceParts(designNamed(design), PUBLISHED_45), WHOLE_BATCH).toFixed(2);
    has('docs/verdict.md', [
      `takes ${overMugi('pick-8x32')} times what Mugi takes on ${(row('pick-8x32').area_mm2 / row('mugi-256').area_mm2).toFixed(2)} of its area`,
      `gives ${over('tokens_per_J')} times the tokens per joule on chip, ${over('tokens_per_J_with_dram')} times with DRAM, at ${over('tokens_per_s')} times the throughput`,
      `By the published costs it would be ${(published[0]! / published[1]!).toFixed(2)} times: they count ${counted('pick-8x32')} pJ a multiply-accumulate where its gates take ${energy('pick-8x32').toFixed(2)}, and ${counted('mugi-256')} where Mugi's take ${energy('mugi-256').toFixed(2)}`,
    ]);
    has('README.md', [
      `\`pick-8x32\`, the same model gives ${over('tokens_per_J')} times the tokens per joule on chip by gates`,
    ]);
    has('CHANGELOG.md', [`Llama 2 70B on \`pick-8x32\` gives ${over('tokens_per_J')} times`]);
  });
});

it('docs/honest.md states them, too', () => {
  const over = (key: 'tokens_per_J' | 'energy_per_token_with_dram_J'): number => {
    const [figna, mugi] = ['sd-f-16', 'mugi-256'].map((design) => inference(design, OPEN_45)[key]);
    return key === 'tokens_per_J' ? figna! / mugi! - 1 : mugi! / figna! - 1;
  };
  const pJ = (name: string, batch?: number): string => energy(name, batch).toFixed(2);
  has('docs/honest.md', [
    `\`sd-f-16\` gives ${percent(over('tokens_per_J'))} % more tokens per joule on chip than mugi-256 (${percent(over('energy_per_token_with_dram_J'))} % with DRAM)`,
    `takes ${pJ('mugi-256')} pJ in Mugi, ${pJ('sa-8x32')} and ${pJ('sa-8x32-os')} in BF16 systolic arrays, ${pJ('sd-8x32')} in a BF16 SIMD array, ${pJ('sa-f-8x32')} and ${pJ('sd-f-8x32')} with FIGNA's integers, at batch ${WHOLE_BATCH}`,
    `Mugi's node of 64 rows takes ${pJ('mugi-64', 1)} where rivals with multipliers take ${pJ(least, 1)} to ${pJ(most, 1)}`,
  ]);
});

describe('docs/technologies.md', () => {
  const page = 'docs/technologies.md';

  it('states of parts what open-45 has', () => {
    const { figna_pe, adderbf16, multiplierbf16 } = OPEN_45.logic;
    const slowest = [...OPEN_45_TABLE.logic, ...OPEN_45_TABLE.composites].map(({ period_ns }) => period_ns);
    const array = (name: string) => OPEN_45_TABLE.composites.find((one) => one.name === name)!;
    const [figna, plain] = [array('figna_array_8'), array('systolic_array_8')];
    has(page, [
      `the slowest takes ${Math.max(...slowest).toFixed(2)} ns`,
      `${(figna_pe.area_mm2 * 1e6).toFixed(0)} µm² and ${(figna_pe.energy_nJ * 1e3).toFixed(2)} pJ, registers of the cell included, against ${((adderbf16.area_mm2 + multiplierbf16.area_mm2) * 1e6).toFixed(0)} µm² and ${((adderbf16.energy_nJ + multiplierbf16.energy_nJ) * 1e3).toFixed(2)} pJ`,
      `FIGNA's integer array takes ${percent(figna.area_mm2 / plain.area_mm2)} % of the area and half the energy of the BF16 array`,
    ]);
    expect(figna.energy_nJ / plain.energy_nJ).toBeCloseTo(0.5, 2);
  });

  it('states what conclusions follow', () => {
    const over = (a: number, b: number): string => percent(a / b - 1);
    const [mugi, dots, shaped] = ['mugi-256', 'sd-f-16', 'sa-f-8x32-os'].map((design) =>
      inference(design, OPEN_45),
    );
    const [mugi16, dots16] = ['mugi-256', 'sd-f-16'].map((design) => inference(design, OPEN_45, 16));
    const dram = (of: typeof mugi): number => 1 / of!.energy_per_token_with_dram_J;
    const dense = (of: typeof mugi): string => (of!.tokens_per_s / of!.area_mm2).toFixed(2);
    const gain = (technology: Technology, key: 'tokens_per_J' | 'energy_per_token_with_dram_J'): string => {
      const [own, best] = ['mugi-256', 'sa-8x32-os'].map((design) => inference(design, technology)[key]);
      return (key === 'tokens_per_J' ? own! / best! : best! / own!).toFixed(2);
    };
    const [chip, all] = (['tokens_per_J', 'energy_per_token_with_dram_J'] as const).map((key) =>
      [PUBLISHED_45, OPEN_45].map((technology) => gain(technology, key)).join(' to '),
    );
    has(page, [
      `on chip from ${chip} against the best systolic array of the corrected model (\`best:sa-16\`; with DRAM from ${all})`,
      `\`sd-f-16\` gives ${over(dots!.tokens_per_J, mugi!.tokens_per_J)} % more tokens per joule on chip than mugi-256 at batch 8 (${over(dram(dots), dram(mugi))} % with DRAM), on ${dots!.area_mm2.toFixed(2)} instead of ${mugi!.area_mm2.toFixed(2)} mm², at half the throughput`,
      `FIGNA gives ${over(shaped!.tokens_per_J, mugi!.tokens_per_J)} % more on chip (${over(dram(shaped), dram(mugi))} % with DRAM) at ${(shaped!.tokens_per_s / mugi!.tokens_per_s).toFixed(2)} times the throughput on ${shaped!.area_mm2.toFixed(2)} mm²`,
      `At batch 16 \`sd-f-16\` has ${dots16!.tokens_per_J.toFixed(2)} tokens per joule on chip against ${mugi16!.tokens_per_J.toFixed(2)} and ${percent(dots16!.tokens_per_s / mugi16!.tokens_per_s)} % of Mugi's throughput`,
      `a tie at batch 8 (${dense(mugi)} tokens/s/mm² both) and FIGNA's at batch 16 (${dense(dots16)} against ${dense(mugi16)})`,
      `BF16 arrays come within ${Math.ceil(100 * (1 - bestBf16(GATES) / perJoule('mugi-256', GATES)))} % of the tokens per joule of mugi-256, and FIGNA's dot products give ${(perJoule('sd-f-16', GATES) / perJoule('mugi-256', GATES)).toFixed(2)} times as many`,
    ]);
    expect(dense(shaped)).toBe(dense(mugi));
  });

  it('states how much a second weight register is charged twice', () => {
    const twice = (name: string): string => {
      const [one, two] = [name, `${name}-db`].map((design) =>
        modelEnergyPerMac(priceParts(designNamed(design), OPEN_45), WHOLE_BATCH),
      );
      return percent(two! / one! - 1);
    };
    has(page, [
      `of energy ${twice('sa-8x32')} and ${twice('sa-8')} % too much at batch 8 (FIGNA's ${twice('sa-f-8x32')} %)`,
    ]);
  });
});
