import { describe, expect, it } from 'vitest';
import { evaluatedPoint } from '../../src/explore/front-points.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { commandLine, outputOf } from '../record/run.ts';

interface Result {
  evaluated: number;
  infeasible: number;
  within: { constraint: string; count: number; alone: number }[];
  front: unknown[];
  nearest?: { point: number; area_mm2: number; command: string };
}
const explored = async (...args: string[]): Promise<Result> =>
  JSON.parse(await outputOf(await commandLine(process.cwd()), ['explore', ...args, '--json'])) as Result;

const VARY = { height: '64..256', batch: '1,4,16', 'sram.weight': '16..64' };
const FLAGS = [
  '--vary',
  Object.entries(VARY)
    .map(([name, values]) => `${name}=${values}`)
    .join(','),
];

describe('bounds', () => {
  it.each([
    ['area_mm2<=1', 'power_W<=0.05', 'tokens_per_s>=1e6'],
    ['area_mm2<=0.9', 'tokens_per_s>=2'],
    ['area_mm2<=0.5'],
    ['power_W>0.1', 'power_W<0.1'],
  ])('that nothing keeps are told one by one, with what comes nearest: %s %s %s', async (...given) => {
    const bounds = given.filter((bound) => typeof bound === 'string');
    const { evaluated, infeasible, within, front, nearest } = await explored(
      ...FLAGS,
      '--within',
      bounds.join(','),
    );
    expect(front).toEqual([]);
    expect(infeasible).toBe(evaluated);
    // Every point by itself, and its distance to each bound as a share of the bound.
    const space = new Space(planOf({ vary: VARY }));
    expect(evaluated).toBe(space.size);
    const far = Array.from({ length: space.size }, (_, index) => {
      const { metrics } = evaluatedPoint(space, index);
      return bounds.map((bound) => {
        const [, name, relation, limit] = /^(\w+)([<>]=?)(.+)$/.exec(bound)!;
        const value = (metrics as unknown as Record<string, number>)[name];
        const over =
          (relation.startsWith('<') ? value - Number(limit) : Number(limit) - value) / Number(limit);
        return over > 0 || (over === 0 && relation.length === 1) ? Math.max(over, Number.EPSILON) : 0;
      });
    });
    const broken = (row: readonly number[]): number => row.filter((by) => by > 0).length;
    bounds.forEach((constraint, c) =>
      expect(within[c]).toEqual({
        constraint,
        count: far.filter((row) => row[c] > 0).length,
        alone: far.filter((row) => row[c] > 0 && broken(row) === 1).length,
      }),
    );
    const sums = far.map((row) => row.reduce((a, b) => a + b, 0));
    expect(sums[nearest!.point]).toBeCloseTo(Math.min(...sums), 12);
    // The nearest point is what evaluate says of it.
    const { nearest: _, ...own } = { nearest, ...evaluatedPoint(space, nearest!.point).metrics };
    expect(nearest!.area_mm2).toBe(own.area_mm2);
  });

  it('that something keeps have no nearest', async () => {
    const { front, nearest } = await explored(...FLAGS, '--within', 'area_mm2<=3');
    expect(front.length).toBeGreaterThan(0);
    expect(nearest).toBe(undefined);
  });
});
