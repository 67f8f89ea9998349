import { describe, expect, it } from 'vitest';
import { round } from '../../src/number/bf16.ts';
import { ROW_SUMS, type RowSum, rowSum } from '../../src/vlp/row-sum.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import { gaussian, random } from '../../src/number/random.ts';

/** Σy of a softmax row of normal scores. */
function total(accumulate: RowSum, keys: number, seed: number): number {
  const scores = Float32Array.from(gaussian(random(seed), keys, 1));
  const out = new Float32Array(keys);
  vlp.softmax({ accumulate }).apply({ scores, out, rows: 1, cols: keys });
  return out.reduce((a, b) => a + b, 0);
}

describe('sums of softmax rows', () => {
  it('stand still in BF16 where the cascade, chains and compensation do not', () => {
    const ones = new Float32Array(4096).fill(1);
    const sums = ROW_SUMS.map((sum) => rowSum(ones, 0, 4096, sum));
    expect(Object.fromEntries(ROW_SUMS.map((sum, i) => [sum, sums[i]]))).toEqual({
      fp32: 4096,
      bf16: 256,
      'bf16-chains': 4096,
      'bf16-cascade': 4096,
      'bf16-compensated': 4096,
    });
  });

  it('make rows of 4,096 keys sum to 1 within 1 %, all but the serial BF16 sum', () => {
    for (let seed = 1; seed <= 16; seed++) {
      for (const sum of ['fp32', 'bf16-cascade'] as const) {
        expect(Math.abs(total(sum, 4096, seed) - 1), `${sum}, seed ${seed}`).toBeLessThan(0.01);
      }
      expect(total('bf16', 4096, seed)).toBeGreaterThan(1.5);
    }
  });

  it('are the same with zeros behind the last key', () => {
    const next = random(3);
    for (let count = 1; count <= 140; count += 3) {
      const values = Float32Array.from({ length: 300 }, (_, i) => (i < count ? round(next()) : 0));
      for (const sum of ROW_SUMS) {
        expect(rowSum(values, 0, 300, sum)).toBe(rowSum(values, 0, count, sum));
      }
    }
  });
});
