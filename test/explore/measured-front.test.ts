import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference, ratioEstimate } from '../../src/accuracy/score/statistics.ts';
import { Front } from '../../src/explore/front.ts';
import { type Losses, measuredFront, type MeasuredPoint } from '../../src/explore/measured-front.ts';

/** Losses of blocks by arithmetic, as a measurement has them. */
const lossesOf = (blocks: readonly (readonly number[])[]): Losses => {
  const of = (name: string): readonly number[] => blocks[Number(name)]!;
  const counts = blocks[0]!.map(() => 1);
  return {
    of: (name) => ratioEstimate([...of(name)], counts),
    difference: (a, b) => pairedDifference([...of(a)], [...of(b)], counts),
  };
};

const spaces = fc
  .record({
    // Few values, so that there are ties, equal rows, and differences that are certain and that are not.
    blocks: fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: count, maxLength: count }), {
        minLength: 1,
        maxLength: 5,
      }),
    ),
    width: fc.integer({ min: 1, max: 4 }),
    rows: fc.array(
      fc.tuple(fc.nat(4), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 })),
      {
        minLength: 1,
        maxLength: 40,
      },
    ),
  })
  .map(({ blocks, width, rows }) => ({
    losses: lossesOf(blocks),
    points: rows.map(
      ([which, costs], index): MeasuredPoint => ({
        index,
        costs: costs.slice(0, width),
        arithmetic: String(which % blocks.length),
      }),
    ),
  }));

/** The definition, word by word: a point stays unless one that stays dominates it. */
function oracle(points: readonly MeasuredPoint[], losses: Losses): number[] {
  const less = (a: MeasuredPoint, b: MeasuredPoint): boolean => {
    const { mean, ci95 } = losses.difference(a.arithmetic, b.arithmetic);
    return a.arithmetic !== b.arithmetic && mean + ci95 < 0;
  };
  const dominates = (p: MeasuredPoint, q: MeasuredPoint): boolean =>
    p.costs.every((cost, k) => cost <= q.costs[k]!) &&
    !less(q, p) &&
    (less(p, q) || p.costs.some((cost, k) => cost < q.costs[k]!));
  const known = new Map<number, boolean>();
  const stays = (q: MeasuredPoint): boolean => {
    let result = known.get(q.index);
    if (result === undefined) {
      result = !points.some((p) => dominates(p, q) && stays(p));
      known.set(q.index, result);
    }
    return result;
  };
  return points.filter(stays).map(({ index }) => index);
}

const indices = (points: readonly MeasuredPoint[]): number[] => points.map(({ index }) => index);

describe('a front with a measured loss', () => {
  it('is what the definition says, for any number of exact objectives', () => {
    fc.assert(
      fc.property(spaces, ({ points, losses }) => {
        expect(indices(measuredFront(points, losses))).toEqual(oracle(points, losses));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of points, and never is empty', () => {
    fc.assert(
      fc.property(spaces, fc.infiniteStream(fc.nat()), ({ points, losses }, keys) => {
        const mixed = points
          .map((point) => [keys.next().value as number, point] as const)
          .sort(([a], [b]) => a - b)
          .map(([, point]) => point);
        const front = measuredFront(points, losses);
        expect(measuredFront(mixed, losses)).toEqual(front);
        expect(front.length).toBeGreaterThan(0);
      }),
    );
  });

  it('needs of each arithmetic the front of its exact costs alone', () => {
    fc.assert(
      fc.property(spaces, ({ points, losses }) => {
        const own = [...new Set(points.map(({ arithmetic }) => arithmetic))].flatMap((arithmetic) => {
          const front = new Front(points[0]!.costs.length);
          for (const point of points)
            if (point.arithmetic === arithmetic) front.add(point.index, point.costs);
          return front.points().map(({ id, costs }) => ({ index: id, costs, arithmetic }));
        });
        expect(indices(measuredFront(own, losses))).toEqual(indices(measuredFront(points, losses)));
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves nothing out that no shown design dominates, where ties make a chain', () => {
    // Each loses a little less than the last for a higher price; neighbours tie, the ends do not.
    const losses: Losses = {
      of: (name) => ({ mean: -Number(name), ci95: 1.5 }),
      difference: (a, b) => ({ mean: Number(b) - Number(a), ci95: 1.5 }),
    };
    const points = [0, 1, 2].map((i): MeasuredPoint => ({ index: i, costs: [i], arithmetic: String(i) }));
    // Whatever any point dominates: 0 drops 1, 1 drops 2. But 1 is not shown, and 2 certainly loses less than 0.
    expect(indices(measuredFront(points, losses))).toEqual([0, 2]);
  });

  it('calls nothing better by less than the interval', () => {
    const losses = (ci95: number): Losses => ({
      of: (name) => ({ mean: Number(name), ci95 }),
      difference: (a, b) => ({ mean: Number(a) - Number(b), ci95 }),
    });
    const points: MeasuredPoint[] = [
      { index: 0, costs: [1, 1], arithmetic: '0' },
      { index: 1, costs: [1, 1], arithmetic: '1' },
      { index: 2, costs: [0, 1], arithmetic: '1' },
    ];
    expect(indices(measuredFront(points.slice(0, 2), losses(1)))).toEqual([0, 1]);
    expect(indices(measuredFront(points.slice(0, 2), losses(0.99)))).toEqual([0]);
    expect(indices(measuredFront(points, losses(1)))).toEqual([2]);
    expect(indices(measuredFront(points, losses(0.99)))).toEqual([0, 2]);
    expect(indices(measuredFront(points, losses(Infinity)))).toEqual([2]);
  });
});
