import { describe, expect, it } from 'vitest';
import { APPROXIMATIONS, approximationNamed } from '../../src/approximation/index.ts';
import { gaussian, random } from '../../src/number/random.ts';
import { functionNamed } from '../../src/vlp/function.ts';
import { newStatistics, type Region, REGIONS } from '../../src/vlp/statistics.ts';

const values = Float32Array.from([0, -0, Infinity, -Infinity, Number.NaN, ...gaussian(random(5), 507, 9)]);

const counts = (regions: Uint8Array): Record<Region, number> =>
  Object.fromEntries(
    REGIONS.map((region, code) => [region, regions.filter((seen) => seen === code).length]),
  ) as Record<Region, number>;

describe('what happened to each input', () => {
  it.each(['hardware', 'paper', 'artifact'] as const)('VLP, mode %s: sums to the statistics', (mode) => {
    for (const window of [
      { lo: -4, hi: 3 },
      { lo: -9, hi: 2 },
    ]) {
      const approximation = approximationNamed('vlp', { vlp: { mode, window, group: 32 } });
      const out = new Float32Array(values.length);
      const regions = new Uint8Array(values.length);
      const single = newStatistics();
      approximation.elementwise(functionNamed('silu')).apply(values, out, 8, 64, {
        statistics: single,
        regions,
      });
      expect(single).toEqual({ total: values.length, ...counts(regions) });
      const rows = newStatistics();
      const lengths = Int32Array.from({ length: 8 }, (_, r) => 8 * r);
      approximation.softmax().apply(values, out, 8, 64, { statistics: rows, regions, lengths });
      if (mode === 'artifact') expect(counts(regions).masked).toBe(0);
      else expect(rows).toEqual({ total: values.length, ...counts(regions) });
    }
  });

  it('other methods: by the interval that they name', () => {
    for (const method of Object.keys(APPROXIMATIONS).filter((name) => name !== 'vlp')) {
      const approximation = approximationNamed(method);
      if (!approximation.supports('silu')) continue;
      const regions = new Uint8Array(values.length);
      const out = new Float32Array(values.length);
      approximation.elementwise(functionNamed('silu')).apply(values, out, 1, values.length, { regions });
      const { from, to } = approximation.interval('silu');
      values.forEach((x, i) => {
        // Near an end the BF16 rounding decides.
        if (Math.abs(x - from) < 0.05 || Math.abs(x - to) < 0.05) return;
        const beyond = x < from || x > to ? 'above' : x === 0 ? 'zero' : 'inside';
        expect(REGIONS[regions[i]]).toBe(Number.isFinite(x) ? beyond : 'special');
      });
    }
  });
});
