import { describe, expect, it } from 'vitest';
import { chunkOf } from '../../src/explore/chunk.ts';
import { constraintOf } from '../../src/explore/constraint.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import { PartWalk, together } from '../../web/explore/part-walk.ts';
import { Part, workersFor } from '../../web/explore/part.ts';

const space = new Space(
  planOf({
    model: 'llama-2-7b',
    batch: 8,
    designs: ['mugi-256', 'sd-16'],
    vary: {
      height: '32..512:32',
      shape: '4x64,16x16',
      'sram.*': '16..64',
      mesh: '1x1,2x2',
      dramBandwidth: '64..512',
    },
    where: 'sram.input <= sram.weight',
    minimise: 'energy_per_token,area',
    maximise: 'tokens_per_s',
  }),
);
const LIMITS = [constraintOf('area_mm2<=20', 'limits')];

describe('a space among workers', () => {
  it('gives each point to one of them, in ranges', () => {
    for (const size of [0, 1, 2047, 2048, 2049, 10_000, 136_704])
      for (const of of [1, 2, 3, 7]) {
        const seen = new Uint8Array(size);
        for (let which = 0; which < of; which++) {
          const part = new Part(size, of, which);
          let next = 0;
          for (const { own, index, length } of part.ranges(0, part.size)) {
            expect(own).toBe(next);
            expect(part.index(own + length - 1)).toBe(index + length - 1);
            for (let i = index; i < index + length; i++) seen[i]++;
            next += length;
          }
          expect(next).toBe(part.size);
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      }
  });

  it('has a worker a core where it is large', () => {
    expect([1, 20_000, 20_001, 136_704, 2_000_000].map((size) => workersFor(size, 4))).toEqual([
      1, 1, 2, 4, 4,
    ]);
    expect(workersFor(136_704, 1)).toBe(1);
  });

  it('has the same values and the same front, whatever their number', () => {
    const { tally } = chunkOf(space, { from: 0, to: space.size });
    const walkers = [1, 2, 3].map((of) => {
      const parts = Array.from({ length: of }, (_, which) => new PartWalk(space, of, which));
      for (const part of parts) {
        // In several goes, as messages come in between.
        while (!part.complete) {
          let looks = 0;
          part.advance(() => looks++ < 5);
        }
      }
      return parts;
    });
    const [[alone], ...several] = walkers;
    const found = together([alone.front([])], 3);
    expect([...found.front]).toEqual(tally.front.map(({ index }) => index));
    expect(found.front.length).toBeGreaterThan(5);
    expect(found.counts).toEqual({
      evaluated: tally.evaluated,
      excluded: tally.excluded,
      unbuildable: tally.unbuildable,
      inside: tally.evaluated,
    });
    expect(tally.excluded).toBeGreaterThan(0);
    const limited = together([alone.front(LIMITS)], 3);
    expect(limited.counts.inside).toBeLessThan(found.counts.inside);
    for (const parts of several) {
      for (const { part, columns } of parts)
        for (const { own, index, length } of part.ranges(0, part.size))
          for (const [k, column] of columns.entries())
            expect(column.subarray(own, own + length)).toEqual(
              alone.columns[k].subarray(index, index + length),
            );
      expect(
        together(
          parts.map((part) => part.front([])),
          3,
        ),
      ).toEqual(found);
      expect(
        together(
          parts.map((part) => part.front(LIMITS)),
          3,
        ),
      ).toEqual(limited);
    }
  });
});
