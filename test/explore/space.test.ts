import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Grid } from '../../src/explore/grid.ts';
import { numberList } from '../../src/explore/values.ts';

describe('lists and ranges', () => {
  it.each([
    ['1,8,64', [1, 8, 64]],
    ['32..128:32', [32, 64, 96, 128]],
    ['32..100:32', [32, 64, 96]],
    ['1k..8k', [1024, 2048, 4096, 8192]],
    ['1..27:*3', [1, 3, 9, 27]],
    ['0.1..0.3:0.1', [0.1, 0.2, 0.1 + 2 * 0.1]],
    ['4,16..64', [4, 16, 32, 64]],
    ['1M', [1048576]],
    ['-1..1:1', [-1, 0, 1]],
  ])('%s', (text, values) => {
    expect(numberList(text, 'context')).toEqual(values);
  });

  it.each([
    ['', 'is not a list of numbers'],
    ['1,,2', 'is not a list of numbers'],
    ['8..1', 'ends below its beginning'],
    ['0..8', 'do not lead from its beginning'],
    ['1..8:0', 'do not lead from its beginning'],
    ['1..2:*1', 'do not lead from its beginning'],
    ['1..x', 'is not a range of numbers'],
    ['1..1e9:1', 'too many values'],
    ['4,1..4', 'names a value twice'],
  ])('refuses "%s"', (text, message) => {
    expect(() => numberList(text, 'context')).toThrow(message);
  });
});

describe('a grid', () => {
  it('numbers every combination once, the last dimension fastest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), (sizes) => {
        const grid = new Grid(sizes.map((size, i) => ({ name: `d${i}`, values: [...Array(size).keys()] })));
        const seen = Array.from({ length: grid.size }, (_, index) => {
          expect(grid.index(grid.digits(index))).toBe(index);
          return Object.values(grid.point(index)) as number[];
        });
        const sorted = seen.toSorted((a, b) => {
          const i = a.findIndex((value, k) => value !== b[k]);
          return i < 0 ? 0 : a[i]! - b[i]!;
        });
        expect(seen).toEqual(sorted);
        expect(new Set(seen.map(String)).size).toBe(grid.size);
      }),
    );
  });

  it('refuses what cannot be numbered', () => {
    expect(() => new Grid([{ name: 'height', values: [] }])).toThrow('"height" has no values');
    const many = Array.from({ length: 1000 }, (_, i) => i);
    expect(() => new Grid(Array.from({ length: 6 }, (_, i) => ({ name: `d${i}`, values: many })))).toThrow(
      'cannot be numbered',
    );
  });
});
