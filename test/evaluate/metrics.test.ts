import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../src/compare/comparison.ts';
import { designNames } from '../../src/design/index.ts';
import type { Evaluation } from '../../src/evaluate/evaluation.ts';
import { facts, METRICS, metrics, metricsOf } from '../../src/evaluate/metrics.ts';
import { evaluatePoint, type Point } from '../../src/question/point.ts';
import { combined, type Quantity } from '../../src/evaluate/quantity.ts';
import { quantityOf, why } from '../../src/evaluate/why.ts';
import { preset, type Repair } from '../../src/published/preset.ts';
import { refusal } from '../refusal.ts';

interface Worst {
  error: number;
  at: string;
  parts: number;
  seen: Set<string>;
}

/** Largest relative difference between a quantity and what its parts give, at every level below it. */
function worst(quantity: Quantity, path: string, into: Worst): void {
  const { name, value, unit, combine, parts } = quantity;
  // An operator stands in several metrics.
  const seen = `${name} ${value} ${unit}`;
  if (into.seen.has(seen)) return;
  into.seen.add(seen);
  expect(combine === undefined, path).toBe(parts === undefined);
  // What has no parts says where it is from.
  if (parts === undefined || combine === undefined) {
    expect(quantity.source, path).toBeTruthy();
    return;
  }
  const made = parts();
  const names = made.map(({ name }) => name);
  expect(new Set(names).size, `${path} names its parts apart: ${names.join(', ')}`).toBe(names.length);
  const sum = combined(
    combine,
    made.map((part) => part.value),
  );
  into.parts += made.length;
  const error = value === sum ? 0 : Math.abs(sum - value) / Math.max(Math.abs(value), Math.abs(sum));
  if (!(error <= into.error)) Object.assign(into, { error, at: path });
  for (const part of made) {
    // Metrics are gone into by themselves.
    if (!METRICS.some(({ name }) => name === part.name)) worst(part, `${path}/${part.name}`, into);
  }
}

function worstOf(evaluation: Evaluation): Worst {
  const into: Worst = { error: 0, at: '', parts: 0, seen: new Set() };
  for (const { name } of METRICS) {
    const quantity = quantityOf(evaluation, name);
    if (Number.isNaN(quantity.value)) continue;
    worst(quantity, name, into);
  }
  return into;
}

const evaluated = (point: Partial<Point> & Pick<Point, 'design'>) =>
  evaluatePoint({ model: 'llama-2-70b', batch: 3, context: 777, ...point });

describe('the list of metrics', () => {
  it('has every metric once, under its name, with what people read', () => {
    const evaluation = evaluated({ design: 'mugi-256' });
    const names = METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(metrics(evaluation))).toEqual([...Object.keys(facts(evaluation)), ...names]);
    for (const { label, unit, formula } of METRICS) {
      expect(label).toMatch(/^[a-z]/);
      expect([unit, formula]).not.toContain('');
    }
  });

  it.each(designNames())('%s: the parts of every metric combine to its value, at every level', (design) => {
    for (const name of ['corrected', 'as-published'] as const) {
      const { error, at } = worstOf(evaluated({ design, preset: name }));
      expect(error, `${name}: ${at}`).toBeLessThan(1e-12);
    }
  });

  it.each<Partial<Point> & Pick<Point, 'design'>>([
    { design: 'mugi-256@4x4', preset: preset('as-published', { carbon: true }) },
    { design: 'sa-16@2x2', preset: preset('corrected', { 'energy-per-token': false }) },
    { design: 'tensor', model: 'whisper-tiny' },
    { design: 'mugi-64', model: 'swinv2-tiny', batch: 2 },
    { design: 'carat-128', prefill: 777 },
    { design: 'sa-f-16', technology: 'open-45', carbonIntensity: 12, lifetime: 3, dramEnergy: 7 },
    { design: 'sd-16', dramBandwidth: 1, batch: 1 },
  ])('%j too', (point) => {
    const { error, at, parts } = worstOf(evaluated(point));
    expect(error, at).toBeLessThan(1e-12);
    expect(parts).toBeGreaterThan(500);
  });

  it('the shares of operators add up to the metric', () => {
    const evaluation = evaluated({ design: 'mugi-128' });
    const summed = metricsOf(evaluation.preset).filter(({ over }) => over !== undefined);
    expect(summed.length).toBeGreaterThan(10);
    for (const { name, over, value } of summed) {
      const sum = evaluation.operators.reduce((total, one) => total + over!(one, evaluation), 0);
      expect(sum / value(evaluation)!, name).toBeCloseTo(1, 11);
    }
  });

  it('a quirk replaces the record of its metric', () => {
    const formula = (repair: Repair, name: string) =>
      metricsOf(preset('corrected', { [repair]: false })).find((one) => one.name === name)!.formula;
    expect(formula('energy-per-token', 'energy_per_token_J')).toMatch(/as published/);
    expect(formula('carbon', 'operational_gCO2e')).toMatch(/as published/);
    expect(formula('norms', 'energy_per_token_J')).toBe('energy / tokens');
  });

  it('comparisons take their columns from it', () => {
    for (const { metric, label, better } of COLUMNS) {
      const found = METRICS.find(({ name }) => name === metric)!;
      expect({ label, better }).toEqual({ label: found.label, better: 'better' in found && found.better });
    }
    expect(COLUMNS.map(({ short }) => short)).toEqual([
      'with DRAM',
      'on chip',
      'throughput',
      'latency',
      'area',
      'power',
      'op. carbon',
      'emb. carbon',
    ]);
  });
});

describe('why', () => {
  const evaluation = evaluated({ design: 'mugi-256' });
  const partsOf = (path: string) => why(evaluation, path).quantity.parts!().map(({ name }) => name);

  it('an energy lists the energies that sum to it, and only those', () => {
    const { operators } = evaluation;
    const ofKind = (test: (kind: string) => boolean) =>
      operators
        .filter(({ operator }) => test(operator.kind))
        .map(({ operator }) => `${operator.phase} ${operator.name}`);
    expect(partsOf('energy_gemm_J')).toEqual(ofKind((kind) => kind === 'gemm'));
    expect(partsOf('energy_nonlinear_J')).toEqual(ofKind((kind) => kind === 'nonlinear'));
    expect(partsOf('energy_other_J')).toEqual(
      ofKind((kind) => kind === 'elementwise' || kind === 'transfer'),
    );
    expect(partsOf('energy_dynamic_J')).toEqual(['energy_gemm_J', 'energy_nonlinear_J', 'energy_other_J']);
  });

  it('its costs are those that enter', () => {
    const named = (path: string) => why(evaluation, path).sources.map(({ name }) => name.split(' ')[0]);
    expect(named('tokens_per_s')).toEqual([]);
    expect(named('macs')).toEqual([]);
    expect(named('area_mm2')).toHaveLength(10);
    expect(named('energy_nonlinear_J')).not.toContain('weight_sram');
    expect(named('energy_gemm_J')).toContain('weight_sram');
    const [row] = why(evaluation, 'area_mm2').sources;
    expect(row.source).toMatch(/CACTI/);
  });

  it('goes down a path, and names the nearest part of one that is not there', () => {
    const { quantity } = why(evaluation, 'energy_J/energy_dynamic_J/energy_gemm_J/decode up');
    expect(quantity).toMatchObject({ name: 'decode up', unit: 'J', combine: 'sum' });
    const up = evaluation.operators.find(
      ({ operator }) => operator.name === 'up' && operator.phase === 'decode',
    );
    expect(quantity.value).toBe(up!.energy);
    const refused = (path: string) => refusal(() => why(evaluation, path));
    expect(refused('energi_J')).toMatchObject({ nearest: 'energy_J', path: 'why' });
    expect(refused('time_s/time_gem_s')).toMatchObject({ nearest: 'time_gemm_s' });
  });

  it.each([
    ['mugi-256', 'steps × cycles of a step', ['cycles of steps', 'tails', 'output tiles']],
    ['sa-16', 'batch × K folds × N folds × (M + tiles of M × (load + skew))', ['folds', 'tails']],
    [
      'sa-16-os',
      'batch × M folds × N folds × (K + R + C − 2), summed over decode steps',
      ['folds', 'output tiles', 'tails'],
    ],
  ])('%s: a time goes down to the formula of its cycles', (design, formula, names) => {
    const ours = evaluated({ design });
    const path = 'time_s/time_gemm_s/decode up/cycles/array/one execution/array/cycles of all nodes';
    const { quantity } = why(ours, path);
    const [count] = quantity.parts!();
    expect(count.name).toBe('arrayCycles');
    expect(count.parts!().map(({ name }) => name)).toEqual(names);
    const formulas = [count, ...count.parts!()].map((part) => part.formula);
    expect(formulas).toContain(formula);
    const leaves: string[] = [];
    const visit = ({ parts, source }: Quantity): void => {
      if (parts === undefined) leaves.push(source!);
      else parts().forEach(visit);
    };
    visit(count);
    // Folds and tiles with this operator's sizes and this design's lanes.
    expect(leaves.join('\n')).toMatch(/N \d+ in pieces of (256|16) lanes, inside tiles of \d+/);
  });

  it('says so where there is none', () => {
    const encoder = evaluated({ design: 'mugi-64', model: 'vivit-base' });
    expect(why(encoder, 'decode_tokens_per_s').quantity).toMatchObject({ value: Number.NaN });
  });
});
