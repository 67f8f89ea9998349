import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Front } from '../../src/explore/front.ts';

/** Few distinct values, so that ties and equal rows are common; infinities are costs like others. */
const cost = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Infinity, -Infinity, -0, 0.5));
const points = fc
  .integer({ min: 1, max: 6 })
  .chain((width) => fc.array(fc.array(cost, { minLength: width, maxLength: width }), { maxLength: 60 }));

/** The definition: no other point is at least as good everywhere and better somewhere. */
const oracle = (rows: readonly number[][]): number[] =>
  rows.flatMap((row, i) =>
    rows.some(
      (other) => other.every((value, k) => value <= row[k]!) && other.some((value, k) => value < row[k]!),
    )
      ? []
      : [i],
  );

const frontOf = (rows: readonly number[][], order: readonly number[]): Front => {
  const front = new Front(rows[0]?.length ?? 1);
  for (const i of order) front.add(i, rows[i]!);
  return front;
};

describe('the front', () => {
  it('is what the definition says, ties and equal rows kept, in any order', () => {
    fc.assert(
      fc.property(points, fc.infiniteStream(fc.nat()), (rows, noise) => {
        const order = rows
          .map((_, i) => [noise.next().value as number, i] as const)
          .sort(([a], [b]) => a - b)
          .map(([, i]) => i);
        const found = frontOf(rows, order).points();
        expect(found.map(({ id }) => id)).toEqual(oracle(rows));
        for (const { id, costs } of found) expect(costs).toEqual(rows[id]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same when it is merged from parts', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 5 }), (rows, parts) => {
        const whole = new Front(rows[0]?.length ?? 1);
        for (let part = 0; part < parts; part++)
          whole.merge(
            frontOf(
              rows,
              [...rows.keys()].filter((i) => i % parts === part),
            ),
          );
        expect(whole.points().map(({ id }) => id)).toEqual(oracle(rows));
      }),
      { numRuns: 1000 },
    );
  });

  it('says of a point whether it stood on the front when it came, and what it dominates', () => {
    const front = new Front(2);
    expect(front.add(0, [1, 1])).toBe(true);
    expect(front.add(1, [1, 1])).toBe(true);
    expect(front.add(2, [2, 1])).toBe(false);
    expect(front.dominates([2, 1])).toBe(true);
    expect(front.dominates([1, 1])).toBe(false);
    expect(front.size).toBe(2);
  });

  it('refuses what cannot be compared', () => {
    expect(() => new Front(2).add(7, [1, Number.NaN])).toThrow('cost 1 of point 7 is not a number');
    expect(() => new Front(0)).toThrow('at least one objective');
    expect(() => new Front(2).merge(new Front(3))).toThrow('a front of 3 objectives cannot join one of 2');
  });
});
