import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference, ratioEstimate } from '../../src/accuracy/score/statistics.ts';
import { addCounts, type ArithmeticCounts, lossEffects } from '../../src/explore/loss-effects.ts';

const BLOCKS = 6;
const COUNTS = Array.from({ length: BLOCKS }, (_, i) => 100 + i);
/** Summed losses above the stored model, by arithmetic and block of text. */
const LOSSES = new Map(
  ['exact', 'vlp', 'pwl'].map((name, a) => [
    name,
    COUNTS.map((count, i) => count * (0.05 * a + 0.01 * Math.sin(7 * i + 3 * a))),
  ]),
);
const sumsOf = (weights: ReadonlyMap<string, number>): number[] =>
  COUNTS.map((_, i) => [...weights].reduce((sum, [name, weight]) => sum + weight * LOSSES.get(name)![i]!, 0));
const combined = (weights: ReadonlyMap<string, number>) => ratioEstimate(sumsOf(weights), COUNTS);

interface Point {
  arithmetic: string;
  /** Places of its values of two parameters, of 3 and of 2. */
  digits: [number, number];
}
const points = fc.array(
  fc.record({
    arithmetic: fc.constantFrom(...LOSSES.keys()),
    digits: fc.tuple(fc.nat(2), fc.nat(1)),
  }) as fc.Arbitrary<Point>,
  { maxLength: 40 },
);
const countsOf = (all: readonly Point[]): ArithmeticCounts =>
  [...new Set(all.map(({ arithmetic }) => arithmetic))]
    .sort()
    .map((name) => [
      name,
      [
        [3, 2].map((values, p) =>
          Array.from(
            { length: values },
            (_, v) => all.filter(({ arithmetic, digits }) => arithmetic === name && digits[p] === v).length,
          ),
        ),
      ],
    ]);

describe('what a parameter does to the measured loss', () => {
  it('is the mean over its points, and the paired difference of the ends', () => {
    fc.assert(
      fc.property(points, fc.subarray([...LOSSES.keys()]), (all, names) => {
        const measured = new Set(names);
        const effects = lossEffects(countsOf(all), measured, combined);
        const known = all.filter(({ arithmetic }) => measured.has(arithmetic));
        if (known.length === 0) {
          expect(effects).toEqual([]);
          return;
        }
        [3, 2].forEach((values, p) => {
          const { values: found, span } = effects[0]![p]!;
          const means = Array.from({ length: values }, (_, v) => {
            const own = known.filter(({ digits }) => digits[p] === v);
            expect(found[v]!.count).toBe(own.length);
            if (own.length === 0) return { mean: Number.NaN, sums: [] };
            const sums = COUNTS.map(
              (_, i) =>
                own.reduce((sum, { arithmetic }) => sum + LOSSES.get(arithmetic)![i]!, 0) / own.length,
            );
            const { mean } = ratioEstimate(sums, COUNTS);
            expect(found[v]!.mean).toBeCloseTo(mean, 12);
            return { mean, sums };
          }).filter(({ mean }) => !Number.isNaN(mean));
          const sorted = means.toSorted((a, b) => a.mean - b.mean);
          const paired = pairedDifference(sorted.at(-1)!.sums, sorted[0]!.sums, COUNTS);
          if (sorted.length < 2) expect(span).toBe(null);
          else expect(span!.mean).toBeCloseTo(paired.mean, 12);
        });
      }),
    );
  });

  it('is nothing, for certain, where values have the same arithmetics alike', () => {
    const all: Point[] = ['exact', 'vlp'].flatMap((arithmetic) =>
      [0, 1].map((v): Point => ({ arithmetic, digits: [0, v] })),
    );
    const [one, other] = lossEffects(countsOf(all), new Set(LOSSES.keys()), combined)[0]!;
    expect(other!.span).toEqual({ mean: 0, ci95: 0 });
    expect(one!.values).toEqual([
      { count: 4, mean: expect.any(Number) },
      { count: 0, mean: null },
      { count: 0, mean: null },
    ]);
  });

  it('adds up, whatever the parts of a space', () => {
    fc.assert(
      fc.property(points, points, (a, b) => {
        expect(addCounts(countsOf(a), countsOf(b))).toEqual(countsOf([...a, ...b]));
      }),
    );
  });
});
