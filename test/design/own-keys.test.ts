import { describe, expect, it } from 'vitest';
import { measuredMethod } from '../../src/accuracy/score/measured-method.ts';
import { computedBy } from '../../src/design/computed.ts';
import { customDesign } from '../../src/design/custom.ts';
import { VARIANT_KEYS } from '../../src/design/family.ts';
import { designNamed, designNames, namedFamily } from '../../src/design/index.ts';
import { type Metrics, metrics } from '../../src/evaluate/metrics.ts';
import { notesOf } from '../../src/evaluate/price-notes.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import { SWITCHES, type SwitchName } from '../../src/vlp/switches.ts';
import { refusal } from '../refusal.ts';

const POINT = { model: 'llama-2-7b', batch: 4, context: 600 } as const;
const answer = (spec: object, more: object = {}) => evaluatePoint({ ...POINT, ...more, design: spec });
const numbers = (spec: object, more: object = {}): Metrics => metrics(answer(spec, more));
const mistake = (spec: object, more: object = {}) => refusal(() => answer(spec, more));

/** A design of each family with what it has where a file says nothing of it. */
const USUAL: [string, Record<string, unknown>][] = [
  [
    'mugi-128',
    { vector_lanes: 16, lut_exponents: 12, row_sum: 'bf16-cascade', chain: 256, group: 256, lut: false },
  ],
  ['mugi-l-128', { vector_lanes: 16, lut_exponents: 12, row_sum: 'bf16-cascade', chain: 256, group: 256 }],
  ['carat-64', { vector_lanes: 64, chain: 256, group: 256, method: 'precise' }],
  ['sa-8x32-os', { vector_lanes: 32, chain: 256, group: 256, method: 'precise' }],
  ['sa-16', { vector_lanes: 16, group: 256, method: 'precise' }],
  ['sa-f-16', { vector_lanes: 16, group: 256, method: 'precise' }],
  ['sd-16', { vector_lanes: 16, group: 256, method: 'precise' }],
  ['tensor', { vector_lanes: 128, group: 256, method: 'precise' }],
];

describe.each(USUAL)('%s', (base, usual) => {
  it('has the same numbers where a file says what it has anyway', () => {
    const plain = numbers({ base, name: 'own' });
    const said = numbers({ base, name: 'own', ...usual });
    expect(said).toEqual(plain);
  });

  it('grows and gets faster with the width of its vector unit, in every technology', () => {
    const width = usual.vector_lanes as number;
    for (const { name: technology } of TECHNOLOGIES) {
      const [narrow, usualOne, wide] = [width / 4, width, 4 * width].map((lanes) =>
        numbers({ base, vector_lanes: lanes, sram: { output: { kib: 64 } } }, { technology }),
      );
      expect(narrow.area_mm2).toBeLessThan(usualOne.area_mm2);
      expect(usualOne.area_mm2).toBeLessThan(wide.area_mm2);
      expect(narrow.time_s).toBeGreaterThan(usualOne.time_s);
      expect(usualOne.time_s).toBeGreaterThanOrEqual(wide.time_s);
      expect(narrow.leakage_W).toBeLessThan(wide.leakage_W);
    }
  });

  it('moves more scales and scales more results with shorter groups', () => {
    const [long, short] = [256, 64].map((group) => numbers({ base, group }));
    expect(short.energy_dram_J).toBeGreaterThan(long.energy_dram_J);
    expect(short.energy_dynamic_J).toBeGreaterThan(long.energy_dynamic_J);
    expect(short.time_s).toBeGreaterThanOrEqual(long.time_s);
    expect(short.area_mm2).toBe(long.area_mm2);
  });

  it('refuses by name what it has not, with what it has', () => {
    const { varies = [] } = namedFamily(base).family;
    for (const key of VARIANT_KEYS.filter((one) => !varies.includes(one))) {
      const values: Record<string, unknown> = {
        dataflow: 'weight-stationary',
        method: 'pwl',
        lut: true,
        row_sum: 'bf16',
      };
      const switched = SWITCHES[key as SwitchName]?.[0];
      const { message, expected } = mistake({ base, [key]: switched ?? values[key] ?? 16 });
      if (switched === undefined) {
        expect(message).toBe(`"${key}" does not apply to the base ${base}`);
        for (const has of varies) expect(expected).toContain(has);
      } else {
        expect(message).toMatch(new RegExp(`^${base} .*nothing for "${key}" to switch`));
        expect(expected).toBe('a base mugi-H');
      }
    }
  });
});

it.each(['mugi-128', 'carat-64', 'sa-16-os'])(
  '%s drains and scales more often with shorter chains',
  (base) => {
    const chains = [256, 128, 64, 32].map((chain) => numbers({ base, chain }));
    for (let i = 1; i < chains.length; i++) {
      expect(chains[i].time_s).toBeGreaterThan(chains[i - 1].time_s);
      expect(chains[i].energy_dynamic_J).toBeGreaterThan(chains[i - 1].energy_dynamic_J);
      expect(chains[i].energy_dram_J).toBe(chains[0].energy_dram_J);
    }
    // A group ends a chain of weights, but not one of keys and values.
    const { time_s } = numbers({ base, chain: 64, group: 32 });
    expect(time_s).toBeGreaterThan(chains[2].time_s);
    expect(time_s).toBeLessThan(numbers({ base, chain: 32, group: 32 }).time_s);
  },
);

it('prices a look-up table by its exponents, in SRAM and in registers', () => {
  const [short, usual, long] = [8, 12, 24].map((exponents) =>
    numbers({ base: 'mugi-128', lut_exponents: exponents }),
  );
  expect(short.area_mm2).toBe(usual.area_mm2);
  expect(long.area_mm2).toBeGreaterThan(usual.area_mm2);
  expect(short.energy_nonlinear_J).toBeLessThan(usual.energy_nonlinear_J);
  expect(usual.energy_nonlinear_J).toBeLessThan(long.energy_nonlinear_J);
  const registers = [8, 12, 24].map(
    (exponents) => numbers({ base: 'mugi-l-128', lut_exponents: exponents }).area_mm2,
  );
  expect(registers[2] - registers[1]).toBeCloseTo(3 * (registers[1] - registers[0]), 9);
  const note = (exponents: number) => notesOf(answer({ base: 'mugi-128', lut_exponents: exponents })).join();
  expect(note(12)).not.toContain('vlp_window');
  expect(note(8)).toContain(
    'no price for vlp_window of rows of 8 exponents, and takes that of 12, which is larger',
  );
  expect(note(16)).toContain('takes that of 12 and multiplexers of 4 inputs more');
});

it('adds a row of softmax as it is asked to', () => {
  // Words that do not bound softmax.
  const base = { base: 'mugi-128', sram: { output: { word_bits: 512 } } };
  const [cascade, one] = ['bf16-cascade', 'bf16'].map((sum) =>
    numbers({ ...base, row_sum: sum }, { dramBandwidth: 1e6 }),
  );
  expect(one.area_mm2).toBeLessThan(cascade.area_mm2);
  expect(one.time_nonlinear_s).toBeLessThan(cascade.time_nonlinear_s);
  expect(one.energy_nonlinear_J).toBeLessThan(cascade.energy_nonlinear_J);
  // The switch takes back the same gates, additions and frame, and the chains besides.
  const published = evaluatePoint({ ...POINT, design: base, without: ['sums'], dramBandwidth: 1e6 });
  expect(one.area_mm2).toBeCloseTo(published.area, 12);
  expect(one.time_nonlinear_s).toBeCloseTo(metrics(published).time_nonlinear_s, 6);
});

it('computes alike whatever computes nothing is changed', () => {
  const computed = (spec: object) => computedBy(customDesign(spec, { technology: TECHNOLOGIES[0] }));
  const usual = computed({ base: 'mugi-128' });
  for (const other of [
    { vector_lanes: 4 },
    { sram: { input: { kib: 128 } } },
    { mesh: '2x2' },
    { lut: true },
  ])
    expect(computed({ base: 'mugi-128', ...other })).toEqual(usual);
  for (const other of [
    { height: 64 },
    { chain: 64 },
    { group: 64 },
    { row_sum: 'bf16' },
    { lut_exponents: 9 },
  ])
    expect(computed({ base: 'mugi-128', ...other })).not.toEqual(usual);
  // Inputs of more rows share windows of 256.
  expect(computed({ base: 'mugi-256', height: 512 })).toEqual(computed({ base: 'mugi-256' }));
  // A mesh and memories leave an array what it adds; Carat adds repeatedly where a systolic column adds products.
  expect(computed({ base: 'sa-16', mesh: '2x2' })).toEqual(computed({ base: 'sa-16' }));
  expect(computed({ base: 'carat-64' })).not.toEqual(computed({ base: 'sa-16' }));
  // Integers whose sums stay share their exponents in a chain, whatever their dot products; those of FIGNA's SIMD array in a vector.
  expect(computed({ base: 'pick-8x32' })).toEqual(computed({ base: 'sa-f-8x32-os' }));
  expect(computed({ base: 'pick-16' })).toEqual(computed({ base: 'pick-8' }));
  expect(computed({ base: 'pick-8' })).not.toEqual(computed({ base: 'sd-f-8' }));
  expect(computed({ base: 'sa-16', method: 'pwl' })).not.toEqual(computed({ base: 'sa-16' }));
  for (const name of designNames()) {
    const design = designNamed(name);
    expect(measuredMethod({ method: computedBy(design).functions })).toBe(measuredMethod(design));
  }
});

it('computes what it says', () => {
  const of = (spec: object) =>
    customDesign({ base: 'mugi-64', ...spec }, { technology: TECHNOLOGIES[0] }).arithmetic;
  expect(of({ chain: 64, group: 32, row_sum: 'bf16', lut_exponents: 9 })).toMatchObject({
    products: { chain: 64, accumulator: 'bf16' },
    weights: { bits: 4, group: 32 },
    softmax: { sum: 'bf16' },
    lut: { exponents: 9, mantissaBits: 3 },
  });
});

it.each([
  [{ base: 'sa-16', chain: 64 }, {}, /this array keeps its weights/],
  [{ base: 'sa-64x4', group: 16 }, {}, /shorter than the 64 lanes/],
  [{ base: 'pick-64', group: 32 }, {}, /a group of 32 weights is shorter than the 64 lanes/],
  [{ base: 'pick-32', chain: 16 }, {}, /a chain of 16 weights is shorter than the 32 lanes/],
  [{ base: 'pick-8', size: 12 }, {}, /"size" does not apply/],
  [
    { base: 'mugi-64', chain: 64 },
    { preset: 'as-published' },
    /this preset has the sums of the published model/,
  ],
  [{ base: 'mugi-64', row_sum: 'bf16-cascade' }, { without: ['sums'] }, /this preset has the sums/],
  [{ base: 'mugi-64', chain: 100 }, {}, /chain is not valid/],
  [{ base: 'mugi-64', vector_lanes: 0 }, {}, /vector_lanes is not valid/],
  [{ base: 'mugi-64', vector_lanes: 1e12 }, {}, /vector_lanes is not valid/],
  [{ base: 'mugi-64', lut_exponents: 33 }, {}, /lut_exponents is not valid/],
  [{ base: 'mugi-64', row_sum: 'fp32' }, {}, /unknown value "fp32"/],
])('%j is refused', (spec, more, message) => {
  expect(mistake(spec, more).message).toMatch(message);
});
