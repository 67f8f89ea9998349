import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import type { Evaluation } from '../../src/evaluate/evaluation.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint, type Point } from '../../src/evaluate/point.ts';
import { preset, type Repair } from '../../src/preset.ts';
import { DEFAULT_ENVIRONMENT } from '../../src/technology/environment.ts';
import type { Operator } from '../../src/workload/operator.ts';

const base: Point = { design: 'mugi-256', model: 'llama-2-70b' };
const published = (point: Partial<Point> = {}): Evaluation =>
  evaluatePoint({ ...base, ...point, preset: 'as-published' });
const repaired = (repair: Repair, point: Partial<Point> = {}): Evaluation =>
  evaluatePoint({ ...base, ...point, preset: preset('as-published', { [repair]: true }) });
const find = ({ operators }: Evaluation, name: string, phase = 'decode') =>
  operators.find(({ operator }) => operator.name === name && operator.phase === phase)!;
/** Names of operators whose time or energy a repair changes. */
const changed = (before: Evaluation, after: Evaluation): string[] =>
  after.operators
    .filter(({ operator, time, energy }) => {
      const was = find(before, operator.name, operator.phase);
      return (
        was === undefined ||
        Math.abs(time / was.time - 1) > 1e-12 ||
        Math.abs(energy / was.energy - 1) > 1e-12
      );
    })
    .map(({ operator }) => `${operator.phase} ${operator.name}`);

describe('each repair alone, on top of the published model', () => {
  it('decode-repeats: linear layers run context − prefill times, the output head too', () => {
    const [before, after] = [published({ context: 512 }), repaired('decode-repeats', { context: 512 })];
    expect(find(before, 'q').operator.repeat).toBe(4096);
    expect(find(after, 'q').operator.repeat).toBe(512 - 64);
    expect(find(before, 'logits').operator.repeat).toBe(1);
    expect(find(after, 'logits').operator.repeat).toBe(512 - 64);
    expect(find(after, 'q·kT').time).toBe(find(before, 'q·kT').time);
  });

  it('bandwidth: an operator takes as long as its traffic, and only then', () => {
    const slow = { ...DEFAULT_ENVIRONMENT, dramGBps: 1 };
    const free = repaired('bandwidth');
    expect(find(free, 'q').bound).toBe('array');
    const bound = evaluatePoint({
      ...base,
      preset: preset('as-published', { bandwidth: true }),
      environment: slow,
    });
    const { bound: resource, time, work } = find(bound, 'q');
    expect(resource).toBe('dram');
    const bits = work.dram.input + work.dram.weight + work.dram.output;
    expect(time / (bits / 8e9)).toBeCloseTo(1, 12);
    expect(published({ environment: slow }).total.time).toBe(published().total.time);
  });

  it('bandwidth: halving the bandwidth of a bound inference doubles its time', () => {
    const at = (dramGBps: number): number =>
      evaluatePoint({ ...base, design: 'tensor', environment: { ...DEFAULT_ENVIRONMENT, dramGBps } }).total
        .time;
    expect(at(0.5) / at(1)).toBeCloseTo(2, 6);
  });

  it('bandwidth: narrow links bind a mesh', () => {
    const environment = { ...DEFAULT_ENVIRONMENT, linkBits: 8 };
    const evaluation = evaluatePoint({ ...base, design: 'mugi-256@4x4', environment });
    expect(find(evaluation, 'q').bound).toBe('noc');
    expect(evaluatePoint({ ...base, environment }).total.time).toBe(evaluatePoint(base).total.time);
  });

  it('router-widths and noc-energy touch meshes only, and energy only', () => {
    for (const repair of ['router-widths', 'noc-energy', 'noc-counts'] as const) {
      expect(changed(published(), repaired(repair)), repair).toEqual([]);
      const [before, after] = [
        published({ design: 'mugi-256@4x4' }),
        repaired(repair, { design: 'mugi-256@4x4' }),
      ];
      expect(after.total.time).toBe(before.total.time);
      expect(after.total.energy).not.toBe(before.total.energy);
    }
  });

  it('noc-energy: a mesh spends on column multipliers what one node spends on the same work', () => {
    const one = repaired('noc-energy').total.energy;
    const mesh = repaired('noc-energy', { design: 'mugi-256@4x4' }).total.energy;
    const quirk = published({ design: 'mugi-256@4x4' }).total.energy;
    expect(Math.abs(mesh / one - 1)).toBeLessThan(Math.abs(quirk / one - 1));
  });

  it('carbon: operational carbon is intensity × (leakage + dynamic energy) of everything', () => {
    const { carbon, total, leakage } = repaired('carbon');
    const kilowattHours = (total.energy + leakage * total.time) / 3.6e6;
    expect(carbon.operationalTotal / (kilowattHours * 301)).toBeCloseTo(1, 12);
    expect(carbon.operationalTotal).toBeGreaterThan(published().carbon.operationalTotal);
  });

  it('energy-per-token: total energy over all tokens of the batch', () => {
    const before = metrics(published());
    const after = metrics(repaired('energy-per-token'));
    expect(before.energy_per_token_J).toBe(before.energy_dynamic_J / 4096);
    expect(after.energy_per_token_J).toBe(before.energy_J / (8 * 4096));
  });

  it('sram-tiles: prefill reloads weights once for 64 rows that fit, decode does not change', () => {
    const [before, after] = [published(), repaired('sram-tiles')];
    expect(find(before, 'q', 'prefill').work.dram.weight).toBe(2 * 8192 * 8192 * 4 * 80);
    expect(find(after, 'q', 'prefill').work.dram.weight).toBe(8 * 8192 * 8192 * 4 * 80);
    expect(find(after, 'q').work.dram.weight).toBe(find(before, 'q').work.dram.weight);
  });

  it('softmax-max: softmax alone gets slower and costs more', () => {
    for (const design of ['mugi-256', 'carat-256', 'sa-16', 'tensor']) {
      const [before, after] = [published({ design }), repaired('softmax-max', { design })];
      expect(changed(before, after)).toEqual(['prefill softmax', 'decode softmax']);
      expect(find(after, 'softmax').time).toBeGreaterThan(find(before, 'softmax').time);
      expect(find(after, 'softmax').energy).toBeGreaterThan(find(before, 'softmax').energy);
    }
  });

  it('softmax-max: a vector array needs 47 cycles instead of 45', () => {
    const [before, after] = [published({ design: 'sa-16' }), repaired('softmax-max', { design: 'sa-16' })];
    expect(find(after, 'softmax').time / find(before, 'softmax').time).toBeCloseTo(47 / 45, 12);
  });

  it('whole-counts: changes the last digits only', () => {
    const [before, after] = [published({ batch: 3 }), repaired('whole-counts', { batch: 3 })];
    expect(after.total.time).toBe(before.total.time);
    expect(Math.abs(after.total.energy / before.total.energy - 1)).toBeLessThan(1e-6);
  });

  it.each([
    ['norms', ['norm-1', 'norm-2', 'final-norm']],
    ['rope', ['rope']],
    ['residuals', ['residual']],
    ['gate-products', ['gate-product']],
    ['kv-writes', ['kv-write']],
  ] as const)('%s: adds its operators and changes no other', (repair, added) => {
    const [before, after] = [published(), repaired(repair)];
    expect(new Set(changed(before, after).map((name) => name.split(' ')[1]))).toEqual(new Set(added));
    expect(after.total.time).toBeGreaterThan(before.total.time);
    expect(after.total.macs).toBe(before.total.macs);
  });

  it('kv-writes: keys and values of each token, once', () => {
    const bits = (phase: 'prefill' | 'decode'): number =>
      find(repaired('kv-writes'), 'kv-write', phase).work.dram.output;
    expect(bits('prefill')).toBe(80 * 2 * 8 * 64 * 8 * 128 * 4);
  });

  it('causal-prefill: skips masked keys where the array is small enough to, and never needs more', () => {
    const [before, after] = [published({ design: 'sa-16' }), repaired('causal-prefill', { design: 'sa-16' })];
    expect(new Set(changed(before, after))).toEqual(
      new Set(['prefill q·kT', 'prefill a·v', 'prefill softmax']),
    );
    // 64 keys in 4 pieces of 16, two query positions a column tile: 16 tiles need 1, 1, …, 4 pieces.
    const share = find(after, 'q·kT', 'prefill').time / find(before, 'q·kT', 'prefill').time;
    expect(share).toBeCloseTo((8 * (1 + 2 + 3 + 4)) / (32 * 4), 9);
    const softmax =
      find(after, 'softmax', 'prefill').work.elements / find(before, 'softmax', 'prefill').work.elements;
    expect(softmax).toBeCloseTo(65 / 128, 12);
  });
});

it('“other” means the same as a metric and as a group, and the three times sum to the whole', () => {
  for (const design of ['mugi-256', 'sa-16', 'tensor@2x1']) {
    const evaluation = evaluatePoint({ ...base, design });
    const m = metrics(evaluation);
    expect(evaluation.groups.other.time).toBeCloseTo(m.time_other_s, 9);
    expect((m.time_gemm_s + m.time_nonlinear_s + m.time_other_s) / m.time_s).toBeCloseTo(1, 12);
  }
});

describe('two routes to one number', () => {
  it('closed-form decode sums equal a loop over positions', () => {
    const points: Point[] = [
      { design: 'mugi-256', model: 'llama-2-70b', batch: 8, context: 700 },
      { design: 'mugi-32', model: 'llama-2-13b', batch: 3, context: 301, prefill: 17 },
      { design: 'sa-16', model: 'llama-2-7b', batch: 5, context: 533 },
      { design: 'carat-64@4x4', model: 'llama-2-70b', batch: 1, context: 600 },
      { design: 'tensor@2x1', model: 'llama-2-7b', batch: 1, context: 530 },
      { design: 'sd-4', model: 'llama-2-70b-mha', batch: 2, context: 400 },
    ];
    for (const point of points) {
      for (const chosen of [preset('as-published', { 'whole-counts': true }), preset('corrected')]) {
        const closed = evaluatePoint({ ...point, preset: chosen });
        const looped = evaluate(
          closed.priced,
          { ...closed.workload, operators: closed.workload.operators.flatMap(positions) },
          chosen,
        );
        // A position may be bound by another resource than the sum; the closed form is then a lower bound.
        expect(closed.total.time / looped.total.time).toBeLessThanOrEqual(1 + 1e-9);
        expect(closed.total.time / looped.total.time).toBeGreaterThan(1 - 1e-3);
        expect(closed.total.energy / looped.total.energy).toBeCloseTo(1, 9);
        expect(closed.total.dram / looped.total.dram).toBeCloseTo(1, 9);
      }
    }
  });
});

/** An operator over a span as one operator for each position. */
function positions(operator: Operator): Operator[] {
  const extent =
    operator.kind === 'gemm'
      ? [operator.k, operator.n].find((size) => typeof size !== 'number')
      : operator.kind === 'nonlinear'
        ? operator.columns
        : undefined;
  if (extent === undefined || typeof extent === 'number') return [operator];
  return Array.from({ length: extent.to - extent.from + 1 }, (_, i): Operator => {
    const s = extent.from + i;
    if (operator.kind === 'nonlinear') return { ...operator, columns: s };
    if (operator.kind !== 'gemm') return operator;
    return typeof operator.k === 'number' ? { ...operator, n: s } : { ...operator, k: s };
  });
}
