import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../src/kernel/node.ts';
import type { VlpOptions } from '../../src/vlp/mode.ts';
import { ROW_SUMS } from '../../src/vlp/row-sum.ts';
import { newStatistics } from '../../src/vlp/statistics.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import { vlpOptions } from './vlp-options.ts';

const kernels = await Promise.all(
  (['scalar', 'plain', 'relaxed'] as const).map((backend) => loadKernels({ backend })),
);

const special = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1e-40, -3e38, 3.4e38, -88.5);
const ordinary = fc.double({ min: -60, max: 40, noNaN: true });
const options = fc.record({
  ...vlpOptions({ min: -9, max: 0 }, 6),
  group: fc.constantFrom(1, 3, 8, 128),
  entries: fc.constantFrom('point' as const, 'mean' as const),
  range: fc.constantFrom('window' as const, 'window' as const, 'reduced' as const),
  accumulate: fc.constantFrom(...ROW_SUMS),
  normalise: fc.constantFrom('reciprocal' as const, 'vlp' as const, 'vlp-newton' as const, 'divide' as const),
});
const call = fc
  .record({ rows: fc.integer({ min: 1, max: 11 }), cols: fc.integer({ min: 1, max: 67 }) })
  .chain(({ rows, cols }) =>
    fc.record({
      rows: fc.constant(rows),
      cols: fc.constant(cols),
      scores: fc
        .array(fc.oneof({ weight: 60, arbitrary: ordinary }, { weight: 1, arbitrary: special }), {
          minLength: rows * cols,
          maxLength: rows * cols,
        })
        .map((values) => Float32Array.from(values)),
      lengths: fc.option(
        fc
          .array(fc.integer({ min: 0, max: cols }), { minLength: rows, maxLength: rows })
          .map((values) => Int32Array.from(values)),
        { nil: undefined },
      ),
    }),
  );

describe('softmax on the kernels', () => {
  it('equals the definition in every bit and counts the same, for every window and normalisation', () => {
    fc.assert(
      fc.property(call, options, fc.boolean(), (given, config, counted) => {
        const run = (apply: ReturnType<typeof vlp.softmax>['apply']) => {
          const out = new Float32Array(given.rows * given.cols);
          const statistics = counted ? newStatistics() : undefined;
          apply({ ...given, out, statistics });
          return { out: [...out], statistics };
        };
        const expected = run(vlp.softmax(config).apply);
        for (const kernel of kernels) expect(run(kernel.softmax(config))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('works in place, on long rows and on more rows than one chunk', () => {
    for (const [rows, cols, config] of [
      [300, 1000, {}],
      [300, 1000, { window: { lo: -8, hi: 3 } }],
      [3, 70_000, {}],
    ] as [number, number, VlpOptions][]) {
      const scores = Float32Array.from({ length: rows * cols }, (_, i) => Math.sin(i * 1.7) * 9);
      const expected = new Float32Array(rows * cols);
      const statistics = newStatistics();
      vlp.softmax(config).apply({ scores, out: expected, rows, cols, statistics });
      for (const kernel of kernels) {
        const copy = scores.slice();
        const counted = newStatistics();
        kernel.softmax(config)({ scores: copy, out: copy, rows, cols, statistics: counted });
        expect(copy.every((value, i) => value === expected[i])).toBe(true);
        expect(counted).toEqual(statistics);
      }
    }
  });

  it('leaves a mask matrix to the definition: excluded entries are 0, in rows with NaN too', () => {
    const scores = Float32Array.of(1, Number.NaN, 2, 1, 2, Number.NaN);
    const masked = Uint8Array.of(0, 1, 0, 0, 1, 0);
    for (const kernel of kernels) {
      const out = new Float32Array(6);
      kernel.softmax()({ scores, out, rows: 2, cols: 3, masked });
      expect(out[1]).toBe(0);
      expect(out[0] + out[2]).toBeCloseTo(1, 2);
      expect([...out.subarray(3)]).toEqual([Number.NaN, 0, Number.NaN]);
    }
  });
});
