import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint, type Point } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import type { Operator } from '../../src/workload/operator.ts';

const base: Point = { design: 'mugi-256', model: 'llama-2-70b' };

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
      // A mesh may share each position out in its own way; `test/design/mesh.test.ts` sums one split over positions.
      for (const chosen of [
        preset('as-published', { 'whole-counts': true }),
        preset('corrected', { mesh: false }),
      ]) {
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
