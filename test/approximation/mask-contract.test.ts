import { describe, expect, it } from 'vitest';
import { maskSuite } from '../../src/accuracy/study/mask-suite.ts';
import { MASK_ROWS, maskContract, type RowSoftmax } from '../../src/approximation/mask-contract.ts';
import { roundTo, FLOAT16 } from '../../src/number/rounding.ts';

/** Softmax in float64 of what a flag leaves, with the textbook's two passes and nothing about masks. */
const textbook: RowSoftmax = (scores, masked) => {
  const kept = [...scores].map((x, i) => (masked !== undefined && masked[i] !== 0 ? -Infinity : x));
  const top = Math.max(...kept);
  const powers = kept.map((x) => Math.exp(x - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (x) => x / total);
};
const failures = (softmax: RowSoftmax): string[] =>
  maskContract(softmax)
    .filter(({ verdict }) => verdict !== 'holds')
    .map(({ row, verdict }) => `${row.name}: ${verdict}`);

describe('the mask contract', () => {
  it('asks of exact softmax only what 0/0 leaves open', () => {
    expect(failures(textbook)).toEqual(['flag on all: not a number', '−∞ on all: not a number']);
  });

  it('tells a unit that answers 0 everywhere, one that leaks a little, and one that hides NaN', () => {
    expect(failures((scores) => new Float32Array(scores.length))).toContain('no mask: wrong');
    const leaky: RowSoftmax = (scores, masked) => textbook(scores, masked).map((y) => (y === 0 ? 1e-30 : y));
    expect(failures(leaky)).toContain('−∞: leaks');
    const hiding: RowSoftmax = (scores, masked) =>
      textbook(
        scores.map((x) => (Number.isNaN(x) ? 0 : x)),
        masked,
      );
    expect(failures(hiding)).toContain('NaN seen: wrong');
  });

  it('has the sums that masks make in their format', () => {
    const row = (name: string) => MASK_ROWS.find((one) => one.name === name)!.scores;
    expect(
      row('FP16 minimum')
        .slice(4)
        .every((x) => x === -65504),
    ).toBe(true);
    expect(
      row('FP16 minimum, low scores')
        .slice(4)
        .every((x) => x === -Infinity),
    ).toBe(true);
    expect(roundTo(-65504 - 16, FLOAT16)).toBe(-Infinity);
    expect(
      row('FP32 minimum twice')
        .slice(4)
        .every((x) => x === -Infinity),
    ).toBe(true);
  });
});

describe('every method here', () => {
  const held = new Map(maskSuite().map(({ unit, outcomes }) => [unit, outcomes]));
  it.each([
    'vlp hardware',
    'vlp reduced range',
    'vlp 1/sum by vlp',
    'vlp on kernels',
    'pwl',
    'pwl-fair',
    'taylor',
    'taylor-fair',
    'exact',
  ])('%s holds every row', (unit) => {
    expect(held.get(unit)!.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  });

  it('is among them, and the rules of the paper and of the artifact are told where they leak', () => {
    expect(held.size).toBe(11);
    const bad = (unit: string) =>
      held
        .get(unit)!
        .filter(({ verdict }) => verdict !== 'holds')
        .map(({ row }) => row.name);
    // Saturation answers e^−15.5 above the window.
    expect(bad('vlp paper')).toEqual(['FP16 minimum', 'BF16 minimum', '−10,000', '−1e9']);
    const artifact = held.get('vlp artifact')!;
    expect(bad('vlp artifact')).toContain('−∞');
    expect(bad('vlp artifact')).not.toContain('FP16 minimum');
    // Four entries at −∞ with about a quarter of the row.
    expect(artifact.find(({ row }) => row.name === '−∞')!.leaked).toBeCloseTo(0.268, 2);
  });
});
