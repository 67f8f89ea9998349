import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairedDifference, ratioEstimate } from '../../src/accuracy/score/statistics.ts';
import { type Losses, measuredFront, type MeasuredPoint } from '../../src/explore/measured-front.ts';
import { type Measure, race, type RaceOptions } from '../../src/explore/race.ts';
import { gaussian, random } from '../../src/number/random.ts';

const STEPS = 32;
const TARGETS = Array.from({ length: STEPS }, (_, i) => 100 * (i + 1));
const OPTIONS: RaceOptions = { targets: TARGETS, least: 2, objective: true };

/** Losses of blocks: a truth for each arithmetic, noise that all share, and some of its own. */
function world(truths: readonly number[], seed: number) {
  const next = random(seed);
  const shared = gaussian(next, STEPS, 0.5);
  const blocks = truths.map((truth) =>
    [...gaussian(next, STEPS, 0.02)].map((own, i) => truth + shared[i]! + own),
  );
  const asked: { names: readonly string[]; steps: number }[] = [];
  const lossesAt = (steps: number): Losses => {
    const of = (name: string): number[] => blocks[Number(name)]!.slice(0, steps);
    const counts = Array.from({ length: steps }, () => 1);
    return {
      of: (name) => ratioEstimate(of(name), counts),
      difference: (a, b) => pairedDifference(of(a), of(b), counts),
    };
  };
  const measure: Measure = async (names, steps) => {
    asked.push({ names, steps });
    return lossesAt(steps);
  };
  return { measure, asked, whole: lossesAt(STEPS) };
}

const pointsOf = (costs: readonly (readonly number[])[], arithmetics: number): MeasuredPoint[] =>
  costs.map((own, index) => ({ index, costs: own, arithmetic: String(index % arithmetics) }));

describe('a race of arithmetics', () => {
  it('ends with the front of measuring all at length, or close, for a small part of the work', async () => {
    let [same, spent, all] = [0, 0, 0];
    const runs = 60;
    for (let seed = 1; seed <= runs; seed++) {
      const next = random(seed);
      const truths = Array.from({ length: 16 }, () => 0.02 * Math.floor(20 * next()));
      const { measure, whole } = world(truths, seed);
      const points = pointsOf(
        Array.from({ length: 64 }, () => [Math.floor(8 * next()), Math.floor(8 * next())]),
        16,
      );
      const found = await race(points, measure, OPTIONS);
      const expected = measuredFront(points, whole).map(({ index }) => index);
      if (JSON.stringify(found.front) === JSON.stringify(expected)) same++;
      spent += found.spent;
      all += 16 * TARGETS.at(-1)!;
    }
    // A 95 % interval errs, the more often the more rungs ask it.
    expect(same / runs).toBeGreaterThan(0.8);
    expect(spent / all).toBeLessThan(0.6);
  });

  it('drops on the way only what is certainly beaten, and says what became of each', async () => {
    const { measure, asked } = world([0, 0.001, 1, 1], 3);
    const points = pointsOf([[1], [1], [1], [0]], 4);
    const { front, arithmetics } = await race(points, measure, OPTIONS);
    expect(Object.fromEntries(arithmetics.map(({ arithmetic, standing }) => [arithmetic, standing]))).toEqual(
      {
        0: 'front',
        1: 'front',
        2: 'beaten',
        3: 'front',
      },
    );
    expect(front).toEqual([0, 1, 3]);
    expect(asked[0]).toEqual({ names: ['0', '1', '2', '3'], steps: 4 });
    expect(asked.map(({ steps }) => steps)).toEqual([4, 8, 16, 32]);
    expect(asked[1]!.names).toEqual(['0', '1', '3']);
    expect(arithmetics.map(({ targets }) => targets)).toEqual([3200, 3200, 400, 3200]);
  });

  it('keeps its budget, whatever it is, and says what that cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 3200, max: 40_000 }),
        fc.integer({ min: 1, max: 1000 }),
        async (count, budget, seed) => {
          const { measure, asked } = world(
            Array.from({ length: count }, (_, i) => 0.001 * i),
            seed,
          );
          const points = pointsOf(
            Array.from({ length: 2 * count }, (_, i) => [i % 5, (7 * i) % 5]),
            count,
          );
          const found = await race(points, measure, { ...OPTIONS, budget });
          expect(found.spent).toBeLessThanOrEqual(budget);
          let [spent, before] = [0, 0];
          for (const { names, steps } of asked) {
            spent += names.length * (TARGETS[steps - 1]! - before);
            before = TARGETS[steps - 1]!;
          }
          expect(found.spent).toBe(spent);
          expect(found.front.length).toBeGreaterThan(0);
          expect(found.arithmetics.some(({ standing }) => standing === 'cut')).toBe(
            found.arithmetics.some(({ standing, targets }) => standing !== 'beaten' && targets < 3200),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keeps a bound where the whole interval does, also where the loss is no objective', async () => {
    const { measure, whole } = world([0, 0.1, 0.2, 1.5], 9);
    const points = pointsOf([[3], [2], [1], [0]], 4);
    const limit = whole.of('1').mean + whole.of('1').ci95;
    for (const objective of [true, false]) {
      const { front, arithmetics } = await race(points, measure, { ...OPTIONS, objective, limit });
      expect(
        arithmetics.filter(({ standing }) => standing === 'outside').map(({ arithmetic }) => arithmetic),
      ).toEqual(['2', '3']);
      expect(front).toEqual(objective ? [0, 1] : [1]);
    }
    const none = await race(points, measure, { ...OPTIONS, limit: -5 });
    expect(none.front).toEqual([]);
    expect(none.arithmetics.every(({ standing }) => standing === 'outside')).toBe(true);
  });

  it('does not depend on the order of points', async () => {
    const points = pointsOf(
      Array.from({ length: 30 }, (_, i) => [i % 4, (3 * i) % 7]),
      6,
    );
    const run = async (all: readonly MeasuredPoint[]) =>
      race(all, world([0, 0.01, 0.02, 0.2, 0.5, 0], 5).measure, { ...OPTIONS, budget: 9000 });
    expect(await run(points.toReversed())).toEqual(await run(points));
  });

  it('refuses a budget that measures no arithmetic to the end', async () => {
    const { measure } = world([0, 1], 1);
    await expect(race(pointsOf([[1], [2]], 2), measure, { ...OPTIONS, budget: 3199 })).rejects.toThrow(
      'does not measure one arithmetic',
    );
  });
});
