import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vlp as approximation } from '../../src/approximation/vlp.ts';
import type { SoftmaxOptions } from '../../src/approximation/approximation.ts';
import * as bf16 from '../../src/number/bf16.ts';
import type { RowCertificate } from '../../src/vlp/certificate.ts';
import type { VlpOptions } from '../../src/vlp/mode.ts';
import { newStatistics } from '../../src/vlp/statistics.ts';
import { ROW_SUMS } from '../../src/vlp/row-sum.ts';
import { vlp } from '../../src/vlp/vlp.ts';

function run(x: Float32Array, rows: number, cols: number, options: VlpOptions, rest: SoftmaxOptions = {}) {
  const out = new Float32Array(rows * cols);
  approximation(options).softmax().apply(x, out, rows, cols, rest);
  return out;
}

const score = fc.double({ min: -40, max: 40, noNaN: true });
const window = fc
  .record({ lo: fc.integer({ min: -10, max: -1 }), size: fc.integer({ min: 1, max: 16 }) })
  .map(({ lo, size }) => ({ lo, hi: Math.min(6, lo + size - 1) }));
const options = fc.record({
  mode: fc.constantFrom('hardware' as const, 'paper' as const),
  window,
  anchor: fc.constantFrom('max' as const, 'min' as const),
  mantissaBits: fc.constantFrom(2, 3, 4),
  group: fc.constantFrom(1, 3, 8, 128),
  entries: fc.constantFrom('point' as const, 'mean' as const),
  range: fc.constantFrom('window' as const, 'window' as const, 'reduced' as const),
  normalise: fc.constantFrom('reciprocal' as const, 'divide' as const, 'vlp' as const, 'vlp-newton' as const),
  accumulate: fc.constantFrom(...ROW_SUMS),
  subtract: fc.constantFrom('after' as const, 'after' as const, 'before' as const),
});
const matrix = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 40 }) })
  .chain(({ rows, cols }) =>
    fc.record({
      rows: fc.constant(rows),
      cols: fc.constant(cols),
      x: fc
        .array(score, { minLength: rows * cols, maxLength: rows * cols })
        .map((v) => Float32Array.from(v, bf16.round)),
      masked: fc
        .array(fc.boolean(), { minLength: rows * cols, maxLength: rows * cols })
        .map((v) => Uint8Array.from(v, Number)),
    }),
  );

describe('VLP softmax', () => {
  it('bounds the distance of a row whose sum passes 1 (found by the property below)', () => {
    const x = Float32Array.from({ length: 29 }, (_, i) => (i === 15 ? 9.5 : i === 26 ? -0.2470703125 : 0));
    const certificates: RowCertificate[] = [];
    const config = {
      mode: 'paper',
      window: { lo: -4, hi: -4 },
      mantissaBits: 2,
      group: 1,
      normalise: 'vlp',
    } as const;
    const y = run(x, 1, 29, config, { certificates });
    const total = x.reduce((sum, v) => sum + Math.exp(v - 9.5), 0);
    const distance = x.reduce((sum, v, k) => sum + Math.abs(y[k] - Math.exp(v - 9.5) / total) / 2, 0);
    expect(distance).toBeGreaterThan(1);
    expect(distance).toBeLessThanOrEqual(certificates[0].totalVariation);
  });

  it('keeps its certificate, sums to 1 within it, and leaves masked entries at exactly 0', () => {
    fc.assert(
      fc.property(matrix, options, fc.boolean(), ({ rows, cols, x, masked }, config, useMask) => {
        const certificates: RowCertificate[] = [];
        const mask = useMask ? masked : new Uint8Array(rows * cols);
        const y = run(x, rows, cols, config, { masked: mask, certificates });
        for (let r = 0; r < rows; r++) {
          const live = [...Array(cols).keys()].filter((k) => mask[r * cols + k] === 0);
          const max = Math.max(...live.map((k) => x[r * cols + k]));
          const total = live.reduce((sum, k) => sum + Math.exp(x[r * cols + k] - max), 0);
          const bound = certificates[r];
          let variation = 0;
          let flushed = 0;
          let sum = 0;
          for (let k = 0; k < cols; k++) {
            const got = y[r * cols + k];
            sum += got;
            if (mask[r * cols + k] !== 0) {
              expect(got).toBe(0);
              continue;
            }
            const q = Math.exp(x[r * cols + k] - max) / total;
            variation += Math.abs(got - q) / 2;
            if (got === 0) flushed += q;
            else if (config.mode === 'hardware' && got > 2 ** -95) {
              expect(Math.abs(Math.log(got / q))).toBeLessThanOrEqual(bound.logRatio * (1 + 1e-9));
            }
          }
          expect(variation).toBeLessThanOrEqual(bound.totalVariation + 1e-12);
          if (live.length === 0) continue;
          expect(flushed).toBeLessThanOrEqual(bound.flushedMass * (1 + 1e-9));
          expect(Math.abs(sum - 1)).toBeLessThanOrEqual(bound.sumError);
        }
      }),
      { numRuns: 120 },
    );
  });

  it('does not depend on the order of the keys, nor on excluded keys behind them', () => {
    fc.assert(
      fc.property(matrix, options, ({ rows, cols, x }, config) => {
        // Another order may round the FP32 sum differently, which moves a probability by one step at most.
        const exact = { ...config, accumulate: 'fp32' as const };
        const y = run(x, rows, cols, exact);
        const turned = Float32Array.from(x, (_, i) => x[i - (i % cols) + ((i + 1) % cols)]);
        const z = run(turned, rows, cols, exact);
        for (let i = 0; i < x.length; i++) {
          expect(
            bf16.steps(bf16.toBits(z[i]), bf16.toBits(y[i - (i % cols) + ((i + 1) % cols)])),
          ).toBeLessThanOrEqual(1);
        }
        const wide = new Float32Array(rows * (cols + 5)).fill(99);
        for (let i = 0; i < x.length; i++) wide[i + 5 * Math.floor(i / cols)] = x[i];
        const padded = run(wide, rows, cols + 5, exact, { lengths: new Int32Array(rows).fill(cols) });
        for (let i = 0; i < padded.length; i++) {
          const k = i % (cols + 5);
          expect(padded[i]).toBe(k < cols ? y[Math.floor(i / (cols + 5)) * cols + k] : 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is independent of rows that share no group, and equal to a mask given as lengths', () => {
    const cols = 33;
    const x = Float32Array.from({ length: 8 * cols }, (_, i) => ((i * 37) % 101) / 9 - 5);
    const lengths = Int32Array.from({ length: 8 }, (_, r) => r * 4);
    const masked = Uint8Array.from(x, (_, i) => Number(i % cols >= lengths[Math.floor(i / cols)]));
    for (const config of [{}, { window: { lo: -8, hi: 3 }, group: 4 }] as const) {
      const y = run(x, 8, cols, config, { lengths });
      expect(y).toEqual(run(x, 8, cols, config, { masked }));
      expect([...y.subarray(0, cols)].every((v) => v === 0)).toBe(true);
      const half = run(x.subarray(4 * cols), 4, cols, config, { lengths: lengths.subarray(4) });
      expect(half).toEqual(y.subarray(4 * cols));
    }
  });

  it('answers NaN for a row with NaN or +∞, 0 for −∞, and works in place', () => {
    const x = Float32Array.of(
      1,
      Number.NaN,
      2,
      1,
      Infinity,
      2,
      1,
      -Infinity,
      1,
      -Infinity,
      -Infinity,
      -Infinity,
    );
    for (const config of [{}, { window: { lo: -9, hi: 3 } }] as const) {
      const y = run(x, 4, 3, config);
      expect([...y.subarray(0, 6)].every(Number.isNaN)).toBe(true);
      expect([...y.subarray(6)]).toEqual([0.5, 0, 0.5, 0, 0, 0]);
      const copy = x.slice();
      approximation(config).softmax().apply(copy, copy, 4, 3);
      expect(copy).toEqual(y);
    }
    const masked = Uint8Array.of(0, 1, 0);
    expect([...run(x.subarray(0, 3), 1, 3, {}, { masked })].every(Number.isFinite)).toBe(true);
  });

  it('counts every element once', () => {
    const x = Float32Array.from({ length: 64 * 50 }, (_, i) => Math.sin(i) * 12);
    for (const config of [{}, { window: { lo: -8, hi: 2 } }, { mode: 'artifact' as const }]) {
      const statistics = newStatistics();
      run(x, 64, 50, config, { statistics });
      const { total, ...regions } = statistics;
      expect(total).toBe(64 * 50);
      expect(Object.values(regions).reduce((a, b) => a + b)).toBe(total);
      expect(regions.inside).toBeGreaterThan(0);
    }
  });
});

describe('the mask of the authors’ models', () => {
  it('leaks through FP16 overflow in artifact mode, and not through a boolean mask', () => {
    // Scores of a masked future token at or under −16: −65504 − 16 rounds to −∞ in FP16.
    const cols = 64;
    const x = Float32Array.from({ length: cols }, (_, k) =>
      k < 32 ? -Math.abs(Math.sin(k)) * 8 : k % 2 ? -20 : -3,
    );
    const masked = Uint8Array.from({ length: cols }, (_, k) => Number(k >= 32));
    const apply = (mode: 'hardware' | 'artifact') => {
      const out = new Float32Array(cols);
      vlp.softmax({ mode, window: { lo: -5, hi: 2 } }).apply({ scores: x, out, rows: 1, cols, masked });
      return out;
    };
    const artifact = apply('artifact');
    const leaked = artifact.subarray(32).filter((_, k) => k % 2 === 1);
    const kept = artifact.subarray(32).filter((_, k) => k % 2 === 0);
    expect([...kept].every((p) => p === 0)).toBe(true);
    // Each leaked token weighs between e^−1.875 and e^−1 of the row's best token.
    const best = Math.max(...artifact.subarray(0, 32));
    for (const p of leaked) {
      expect(p / best).toBeGreaterThan(Math.exp(-1.875) * 0.98);
      expect(p / best).toBeLessThan(Math.exp(-1) * 1.02);
    }
    const mass = leaked.reduce((sum, p) => sum + p, 0);
    expect(mass).toBeGreaterThan(0.2);
    expect([...apply('hardware').subarray(32)].every((p) => p === 0)).toBe(true);
  });

  it('turns a row into NaN in artifact mode when the window ends below exponent 0', () => {
    const x = Float32Array.of(0, 0, 0);
    const config = { mode: 'artifact', window: { lo: -8, hi: -1 } } as const;
    expect([...run(x, 1, 3, config)].every(Number.isNaN)).toBe(true);
    expect([...run(x, 1, 3, { ...config, mode: 'hardware' })].every((p) => Math.abs(p - 1 / 3) < 0.01)).toBe(
      true,
    );
  });
});
