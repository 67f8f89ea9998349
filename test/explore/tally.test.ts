import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violation } from '../../src/explore/constraint.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { type Tally, Tallier, together } from '../../src/explore/tally.ts';
import type { Outcome } from '../../src/explore/walk.ts';

const METRICS = ['tokens_per_s', 'energy_per_token_J', 'area_mm2', 'power_W'];
const spaceOf = (objectives: number, size: number, loss = false): Space =>
  new Space(
    planOf({
      vary: { context: Array.from({ length: size }, (_, i) => i + 1) },
      maximise: METRICS.slice(0, 1),
      minimise: [...METRICS.slice(1, objectives), ...(loss ? ['loss'] : [])],
      within: ['power_W<=2', 'area_mm2>=1'],
    }),
  );

interface Point {
  outcome: Outcome;
  values: number[];
}

// Few values, so that ties and equal rows are common.
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity) },
);
const point: fc.Arbitrary<Point> = fc.record({
  outcome: fc.constantFrom<Outcome>(
    'evaluated',
    'evaluated',
    'evaluated',
    'evaluated',
    'excluded',
    'unbuildable',
  ),
  values: fc.tuple(value, value, value, value),
});
const points = fc.array(point, { minLength: 1, maxLength: 60 });

/** What a point computes: three arithmetics, by its first metric. */
const arithmeticOf = ({ values }: Point): string => `a${(values[0]! || 0) % 3}`;

function tallyOf(space: Space, all: readonly Point[], from = 0, to = all.length): Tally {
  const tallier = new Tallier(space, METRICS, from, to);
  for (let i = from; i < to; i++)
    tallier.add(i, all[i]!.outcome, new Float64Array(all[i]!.values), 'too large', arithmeticOf(all[i]!));
  return tallier.finish();
}

describe('a tally', () => {
  it('has the front of brute force; what is outside or has no number is kept apart', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 4 }), (all, objectives) => {
        const space = spaceOf(objectives, all.length);
        const { within, objectives: goals } = space.plan;
        const tally = tallyOf(space, all);
        const built = all
          .map((one, index) => ({ ...one, index }))
          .filter(({ outcome }) => outcome === 'evaluated');
        const inside = built.filter(({ values }) =>
          within.every((one) => violation(one, values[METRICS.indexOf(one.metric)]!) === 0),
        );
        const costs = inside
          .map(({ index, values }) => ({
            index,
            costs: goals.map(
              ({ metric, direction }) =>
                values[METRICS.indexOf(metric)]! * (direction === 'minimise' ? 1 : -1),
            ),
          }))
          .filter((one) => one.costs.every(Number.isFinite));
        const beaten = (a: number[], b: number[]): boolean =>
          b.every((x, k) => x <= a[k]!) && b.some((x, k) => x < a[k]!);
        const front = costs.filter((a) => !costs.some((b) => beaten(a.costs, b.costs)));
        expect(tally.front.map(({ index }) => index)).toEqual(front.map(({ index }) => index));
        expect(tally.evaluated).toBe(built.length);
        expect(tally.outside).toBe(built.length - inside.length);
        expect(tally.undefined).toBe(inside.length - costs.length);
        expect(tally.unbuildable).toBe(all.filter(({ outcome }) => outcome === 'unbuildable').length);
        within.forEach((one, c) => {
          const breaks = built.filter(
            ({ values }) => violation(one, values[METRICS.indexOf(one.metric)]!) > 0,
          );
          expect(tally.broken[c]!.count).toBe(breaks.length);
        });
      }),
    );
  });

  it('keeps the point nearest to the constraints', () => {
    fc.assert(
      fc.property(points, (all) => {
        const space = spaceOf(2, all.length);
        const { nearest } = tallyOf(space, all);
        const far = all.flatMap(({ outcome, values }, index) => {
          if (outcome !== 'evaluated') return [];
          const by = space.plan.within.reduce(
            (sum, one) => sum + violation(one, values[METRICS.indexOf(one.metric)]!),
            0,
          );
          return by > 0 ? [{ index, violation: by }] : [];
        });
        const least = Math.min(...far.map((one) => one.violation));
        expect(nearest).toEqual(far.find((one) => one.violation === least) ?? null);
      }),
    );
  });

  it('of two ranges is that of both, wherever they meet', () => {
    fc.assert(
      fc.property(points, fc.nat(), fc.nat(), (all, cut, other) => {
        const space = spaceOf(3, all.length);
        const [a, b] = [cut % (all.length + 1), other % (all.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const parts = [
          tallyOf(space, all, 0, a),
          tallyOf(space, all, a, b),
          tallyOf(space, all, b, all.length),
        ];
        // The values are small whole numbers, whose sums are exact in any order.
        expect(parts.reduce(together)).toEqual(tallyOf(space, all));
      }),
    );
  });

  it('keeps of each arithmetic the front of its exact costs, where the loss is asked for', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 3 }), fc.nat(), (all, objectives, cut) => {
        const space = spaceOf(objectives, all.length, true);
        const tally = tallyOf(space, all);
        const names = [...new Set(all.map(arithmeticOf))].sort();
        const own = names.map((name) => {
          const mine = all.map((one) =>
            arithmeticOf(one) === name ? one : { ...one, outcome: 'excluded' as const },
          );
          return { name, tally: tallyOf(spaceOf(objectives, all.length), mine) };
        });
        const expected = own
          .flatMap(({ name, tally: { front } }) => front.map((one) => ({ ...one, arithmetic: name })))
          .sort((a, b) => a.index - b.index);
        expect(tally.front).toEqual(expected);
        expect(tally.arithmetics).toEqual(
          own.flatMap(({ name, tally: { evaluated, outside, undefined: none } }) =>
            evaluated - outside - none > 0 ? [[name, evaluated - outside - none]] : [],
          ),
        );
        // What each loss will weigh: the points that have a value of the one parameter, context.
        const inside = (index: number, name: string): boolean =>
          tallyOf(space, all, index, index + 1).arithmetics?.[0]?.[0] === name;
        expect(tally.computing).toEqual(
          (tally.arithmetics ?? []).map(([name]) => [
            name,
            [[all.map((_, index) => (inside(index, name) ? 1 : 0))]],
          ]),
        );
        const middle = cut % (all.length + 1);
        expect(together(tallyOf(space, all, 0, middle), tallyOf(space, all, middle))).toEqual(tally);
      }),
    );
  });
});
