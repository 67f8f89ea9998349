import { describe, expect, it } from 'vitest';
import { scoreRows } from '../../src/accuracy/score/metrics.ts';
import { isTie, pairedDifference, ratioEstimate } from '../../src/accuracy/score/statistics.ts';

describe('estimates over blocks', () => {
  it('weigh blocks by their targets and give the textbook interval for equal ones', () => {
    const { mean, ci95 } = ratioEstimate([10, 20, 30, 40], [10, 10, 10, 10]);
    expect(mean).toBeCloseTo(2.5, 12);
    // Standard deviation 1.29099 of 1, 2, 3, 4; divided by 2; times t = 3.182 for 3 degrees of freedom.
    expect(ci95).toBeCloseTo((3.182 * 1.2909944487) / 2, 6);
    expect(ratioEstimate([10, 30], [5, 5]).mean).toBe(4);
    expect(ratioEstimate([3], [1]).ci95).toBe(Infinity);
  });

  it('hold the true mean in about 95 of 100 samples', () => {
    let state = 1;
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    let covered = 0;
    for (let sample = 0; sample < 2000; sample++) {
      const counts = Array.from({ length: 12 }, () => 50 + Math.floor(200 * random()));
      const sums = counts.map((n) => n * (3 + random() + random() - 1));
      const { mean, ci95 } = ratioEstimate(sums, counts);
      if (Math.abs(mean - 3) <= ci95) covered += 1;
    }
    expect(covered / 2000).toBeGreaterThan(0.92);
    expect(covered / 2000).toBeLessThan(0.98);
  });

  it('call a paired difference a tie exactly when its interval holds 0', () => {
    const base = [300, 280, 310, 295];
    expect(isTie(pairedDifference(base, base, [100, 100, 100, 100]))).toBe(true);
    expect(
      isTie(
        pairedDifference(
          base.map((x) => x + 1),
          base,
          [100, 100, 100, 100],
        ),
      ),
    ).toBe(false);
    expect(isTie(pairedDifference([301, 279, 311, 294], base, [100, 100, 100, 100]))).toBe(true);
  });
});

it('scores loss, KL and agreement as their definitions say', () => {
  const reference = Float32Array.of(0, Math.log(3), 1, 1);
  const other = Float32Array.of(Math.log(3), 0, 1, 1);
  const scores: Record<string, number>[] = [];
  scoreRows(reference, [reference, other], Int32Array.of(1, 0), 2, (run, row, score) =>
    scores.push({ run, row, ...score }),
  );
  const find = (run: number, row: number) => scores.find((s) => s['run'] === run && s['row'] === row)!;
  expect(find(0, 0)['loss']).toBeCloseTo(-Math.log(0.75), 6);
  expect(find(0, 0)['kl']).toBeLessThan(1e-6);
  expect(find(1, 0)['loss']).toBeCloseTo(-Math.log(0.25), 6);
  expect(find(1, 0)['kl']).toBeCloseTo(0.5 * Math.log(3), 6);
  expect(find(1, 0)['top1']).toBe(0);
  expect(find(1, 1)['top1']).toBe(1);
  expect(find(0, 0)['correct']).toBe(1);
});

it('no interval gives no verdict, in JSON too', () => {
  expect(isTie(ratioEstimate([3], [1]))).toBeNull();
  expect(isTie(ratioEstimate([0], [1]))).toBeNull();
});

it('KL of equal logits is exactly 0, and of logits that differ by rounding it has no upward bias', () => {
  const [rows, outputs] = [200, 300];
  const logits = Float32Array.from({ length: rows * outputs }, (_, i) => 8 * Math.sin(i * i));
  const shifted = logits.map((x) => x + 1e-7 * Math.sin(x * 1e6));
  let [same, near, negative] = [0, 0, 0];
  scoreRows(logits, [logits, shifted], new Int32Array(rows), outputs, (run, _, { kl }) => {
    if (run === 0) same = Math.max(same, Math.abs(kl));
    else near += kl / rows;
    if (kl < -1e-12) negative += 1;
  });
  expect(same).toBe(0);
  // Second order: half the variance of a change of 4e-7 (half a float32 step at 8), below 1e-13.
  expect(Math.abs(near)).toBeLessThan(1e-12);
  expect(negative).toBe(0);
});
