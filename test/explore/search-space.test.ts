import { describe, expect, it } from 'vitest';
import { Front } from '../../src/explore/front.ts';
import { asCost } from '../../src/explore/objective.ts';
import { search } from '../../src/explore/search.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import type { Scored, Tally } from '../../src/explore/tally.ts';
import { Walker } from '../../src/explore/walk.ts';
import { random } from '../../src/number/random.ts';
import { explore } from '../../src/scale/run.ts';

/** A space of real designs that can be exhausted: 19,968 of two families, of which the bound leaves out some. */
const space = new Space(
  planOf({
    model: 'llama-3.2-1b',
    designs: ['mugi-256', 'sa-16'],
    vary: {
      height: '32..512:32',
      shape: '4x64,8x32,16x16,32x8,64x4',
      dataflow: 'weight-stationary,output-stationary',
      'sram.*': '16..128',
      mesh: '1x1,2x2',
      batch: '1,4',
      dramBandwidth: '64..256',
    },
    within: 'area_mm2<=6',
  }),
);
const BUDGET = 2000;

/** What is covered below and left of the front, in doublings of either cost, up to the worst of the exact front. */
function covered(front: readonly Scored[], exact: readonly Scored[]): number {
  const logs = (points: readonly Scored[]): [number, number][] =>
    points.map(({ costs: [a, b] }) => [Math.log2(a), -Math.log2(-b)]);
  const corners = logs(exact);
  const [x, y] = [0, 1].map((k) => Math.max(...corners.map((point) => point[k])) + 0.1);
  let [area, height] = [0, y];
  for (const [a, b] of logs(front).toSorted((p, q) => p[0] - q[0])) {
    if (a >= x || b >= height) continue;
    area += (x - a) * (height - b);
    height = b;
  }
  return area;
}

describe('NSGA-II in a space of designs', () => {
  let exact: Tally;
  it('has one that exhaustion knows', async () => {
    exact = (await explore(space, { folder: undefined })).tally!;
    expect(exact.evaluated).toBe(space.size);
    expect(exact.outside).toBeGreaterThan(space.size / 50);
    expect(exact.front.length).toBeGreaterThan(10);
  });

  it.each([1, 2])(
    'finds the exact front, or all but a thousandth of what it covers, with a tenth of the evaluations, seed %s',
    async (seed) => {
      const found = await search(space, { budget: BUDGET, population: 100, seed });
      expect(BUDGET).toBeLessThan(space.size * 0.11);
      expect(found.evaluated + found.unbuildable).toBeLessThanOrEqual(BUDGET);
      const share = covered(found.front, exact.front) / covered(exact.front, exact.front);
      console.log(seed, share, found.front.length, exact.front.length, space.size);
      expect(share).toBeLessThanOrEqual(1 + 1e-12);
      expect(share).toBeGreaterThan(0.999);
      expect(
        found.front.filter(({ index }) => exact.front.some((one) => one.index === index)).length,
      ).toBeGreaterThan(exact.front.length * 0.8);
      // No point that it found is one that the exact front would not know.
      const known = new Front(2);
      for (const { index, costs } of exact.front) known.add(index, costs);
      for (const { index, costs } of found.front) known.add(index, costs);
      expect(known.points().map(({ id }) => id)).toEqual(
        expect.arrayContaining(exact.front.map(({ index }) => index)),
      );
    },
  );

  it('does better than as many points at random', () => {
    const next = random(1);
    // In their order, so that neighbours share what they have in common.
    const drawn = Array.from({ length: BUDGET }, () => Math.floor(next() * space.size)).sort((a, b) => a - b);
    const walker = new Walker(space);
    const [area, ...goals] = ['area_mm2', ...space.plan.objectives.map(({ metric }) => metric)].map((name) =>
      walker.metrics.findIndex((metric) => metric.name === name),
    );
    const front = new Front(2);
    for (const index of new Set(drawn))
      if (walker.at(index) === 'evaluated' && walker.values[area] <= 6)
        front.add(
          index,
          space.plan.objectives.map((objective, k) => asCost(objective, walker.values[goals[k]])),
        );
    const best = new Set(exact.front.map(({ index }) => index));
    const found = front.points().filter(({ id }) => best.has(id));
    expect(front.size).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(best.size / 2);
  });
});
