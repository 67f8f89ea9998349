import { describe, expect, it } from 'vitest';
import { exp } from '../../src/number/exp.ts';
import { random } from '../../src/number/random.ts';

describe('exp', () => {
  it('is as near to e^x as double precision allows, and rounds to the same float32', () => {
    const next = random(1);
    for (let i = 0; i < 300_000; i++) {
      const x = (next() - 0.5) * 1400;
      const expected = Math.exp(x);
      expect(Math.abs(exp(x) - expected) / expected).toBeLessThan(1e-15);
      const y = Math.fround((next() - 0.8) * 100);
      expect(Math.fround(exp(y))).toBe(Math.fround(Math.exp(y)));
    }
  });

  it('is exact at 0, 0 where float32 has nothing left, and huge where it has ended', () => {
    expect([exp(0), exp(-0), exp(-708.1), exp(-1e300), exp(-Infinity)]).toEqual([1, 1, 0, 0, 0]);
    expect(exp(Number.NaN)).toBeNaN();
    for (const x of [710, 1e300, Infinity]) expect(Math.fround(exp(x))).toBe(Infinity);
    expect(exp(-708)).toBeGreaterThan(3e-308);
  });
});
