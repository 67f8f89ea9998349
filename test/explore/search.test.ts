import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Front } from '../../src/explore/front.ts';
import { Grid } from '../../src/explore/grid.ts';
import { nsga2 } from '../../src/explore/nsga2.ts';
import { beats, type Candidate, fronts, select } from '../../src/explore/rank.ts';
import { random } from '../../src/number/random.ts';

/** Area under a front of two costs against a reference point: what the front of a minimisation covers. */
function hypervolume(front: readonly (readonly number[])[], [x, y]: readonly [number, number]): number {
  let [covered, height] = [0, y];
  for (const [a, b] of front.toSorted((p, q) => p[0]! - q[0]!)) {
    if (a! >= x || b! >= height) continue;
    covered += (x - a!) * (height - b!);
    height = b!;
  }
  return covered;
}

const steps = (count: number): number[] => Array.from({ length: count }, (_, i) => i / (count - 1));
const gridOf = (dimensions: number, count: number): Grid<number> =>
  new Grid(Array.from({ length: dimensions }, (_, i) => ({ name: `x${i}`, values: steps(count) })));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Zitzler, Deb and Thiele (2000), problems 1 to 3: the front lies where every x but the first is 0. */
const ZDT: Record<string, (x: readonly number[]) => [number, number]> = {
  zdt1: ([f = 0, ...rest]) => {
    const g = 1 + 9 * mean(rest);
    return [f, g * (1 - Math.sqrt(f / g))];
  },
  zdt2: ([f = 0, ...rest]) => {
    const g = 1 + 9 * mean(rest);
    return [f, g * (1 - (f / g) ** 2)];
  },
  zdt3: ([f = 0, ...rest]) => {
    const g = 1 + 9 * mean(rest);
    return [f, g * (1 - Math.sqrt(f / g) - (f / g) * Math.sin(10 * Math.PI * f))];
  },
};

/** Deb, Thiele, Laumanns and Zitzler (2002), problem 2, of three costs: the front is the unit sphere. */
const dtlz2 = (x: readonly number[]): number[] => {
  const g = x.slice(2).reduce((sum, value) => sum + (value - 0.5) ** 2, 0);
  const [a, b] = [(x[0]! * Math.PI) / 2, (x[1]! * Math.PI) / 2];
  return [(1 + g) * Math.cos(a) * Math.cos(b), (1 + g) * Math.cos(a) * Math.sin(b), (1 + g) * Math.sin(a)];
};

const searcher = (grid: Grid<number>, costs: (x: readonly number[]) => readonly number[]) => {
  const asked: number[] = [];
  return {
    asked,
    evaluate: async (indices: readonly number[]): Promise<Candidate[]> => {
      asked.push(...indices);
      return indices.map((index) => ({
        index,
        costs: costs(Object.values(grid.point(index))),
        violation: 0,
      }));
    },
  };
};

describe('NSGA-II', () => {
  it.each(Object.entries(ZDT))('covers the front of %s', async (_name, problem) => {
    const grid = gridOf(8, 51);
    const { evaluate, asked } = searcher(grid, problem);
    const found = await nsga2(grid, evaluate, { budget: 8000, population: 100, seed: 1 });
    expect(new Set(asked).size).toBe(asked.length);
    expect(found.length).toBe(8000);
    const best = steps(51).map((f) => problem([f, ...Array<number>(7).fill(0)]));
    const reference = [1.1, 1.1] as const;
    const ratio =
      hypervolume(
        found.map(({ costs }) => costs),
        reference,
      ) / hypervolume(best, reference);
    expect(ratio).toBeLessThanOrEqual(1 + 1e-12);
    expect(ratio).toBeGreaterThan(0.99);
    // Drawing as many points at random covers far less: what the search is for.
    const next = random(1);
    const drawn = Array.from({ length: 8000 }, () =>
      problem(Object.values(grid.point(Math.floor(next() * grid.size)))),
    );
    expect(hypervolume(drawn, reference) / hypervolume(best, reference)).toBeLessThan(0.6);
  });

  it('comes close to the sphere of dtlz2', async () => {
    const grid = gridOf(7, 41);
    const { evaluate } = searcher(grid, dtlz2);
    const found = await nsga2(grid, evaluate, { budget: 6000, population: 100, seed: 3 });
    const front = new Front(3);
    for (const { index, costs } of found) front.add(index, costs);
    const distance = front.points().map(({ costs }) => Math.hypot(...costs) - 1);
    expect(front.size).toBeGreaterThan(100);
    expect(mean(distance)).toBeLessThan(0.02);
  });

  it('finds the whole front of a space that it can exhaust, constraints included', async () => {
    const grid = gridOf(3, 6);
    const costs = ([a = 0, b = 0, c = 0]: readonly number[]): number[] => [a + b, 1 - a + c * b];
    const violation = ([a = 0]: readonly number[]): number => Math.max(0, 0.3 - a);
    const found = await nsga2(
      grid,
      async (indices) =>
        indices.map((index) => {
          const x = Object.values(grid.point(index));
          return { index, costs: costs(x), violation: violation(x) };
        }),
      { budget: 10_000, population: 20, seed: 5 },
    );
    expect(found.length).toBe(grid.size);
    const first = fronts(found)[0]!.map((i) => found[i]!);
    const front = new Front(2);
    for (let index = 0; index < grid.size; index++) {
      const x = Object.values(grid.point(index));
      if (violation(x) === 0) front.add(index, costs(x));
    }
    expect(first.map(({ index }) => index).sort((a, b) => a - b)).toEqual(front.points().map(({ id }) => id));
  });

  it('is the same for the same seed, and another for another', async () => {
    const grid = gridOf(6, 21);
    const run = async (seed: number): Promise<number[]> => {
      const { evaluate, asked } = searcher(grid, ZDT['zdt1']!);
      await nsga2(grid, evaluate, { budget: 300, population: 20, seed });
      return asked;
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });
});

describe('ranks', () => {
  const candidates = fc.array(
    fc.record({
      index: fc.constant(0),
      costs: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
      violation: fc.constantFrom(0, 0, 1, 2),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('peel the points that nothing left beats', () => {
    fc.assert(
      fc.property(candidates, (all: Candidate[]) => {
        let left = [...all.keys()];
        for (const front of fronts(all)) {
          const expected = left.filter((i) => !left.some((j) => beats(all[j]!, all[i]!)));
          expect(front).toEqual(expected);
          left = left.filter((i) => !front.includes(i));
        }
        expect(left).toEqual([]);
      }),
    );
  });

  it('select as many as asked, never a point while one that beats it stays out', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 30 }), (all: Candidate[], count) => {
        const chosen = new Set(select(all, count));
        expect(chosen.size).toBe(Math.min(count, all.length));
        for (const i of chosen)
          for (const j of all.keys()) if (!chosen.has(j)) expect(beats(all[j]!, all[i]!)).toBe(false);
      }),
    );
  });
});
