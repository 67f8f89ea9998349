import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { notesOf } from '../../src/evaluate/price-notes.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import { atClock } from '../../src/technology/technology.ts';
import { megahertzOf } from '../../src/units.ts';

const POINT = { design: 'mugi-128', model: 'llama-2-7b', batch: 4, context: 512 } as const;
const at = (clock: number | undefined, technology: string) =>
  evaluatePoint({ ...POINT, technology, ...(clock === undefined ? {} : { clock }) });

describe.each(TECHNOLOGIES.map(({ name, clock }) => [name, megahertzOf(clock)] as const))(
  '%s',
  (name, own) => {
    it('is itself at its own clock', () => {
      expect(metrics(at(own, name))).toEqual(metrics(at(undefined, name)));
      expect(notesOf(at(own, name))).toEqual(notesOf(at(undefined, name)));
    });

    it('keeps dynamic energy and area at any clock, and time falls by no more than the clock rises', () => {
      const usual = metrics(at(undefined, name));
      fc.assert(
        fc.property(fc.double({ min: 50, max: 3000, noNaN: true }), (clock) => {
          const other = metrics(at(clock, name));
          // Slow memories are built of more macros at a faster clock, and wait for DRAM as long as before.
          if (clock <= own) {
            expect(other.area_mm2).toBeCloseTo(usual.area_mm2, 9);
            expect(other.energy_dynamic_J).toBeCloseTo(usual.energy_dynamic_J, 6);
          }
          const ratio = usual.time_s / other.time_s;
          if (clock > own) expect(ratio).toBeLessThanOrEqual((clock / own) * (1 + 1e-12));
          else expect(ratio).toBeGreaterThanOrEqual((clock / own) * (1 - 1e-12));
          expect(other.energy_leakage_J).toBeCloseTo(other.leakage_W * other.time_s, 9);
        }),
        { numRuns: 30 },
      );
    });

    it('says at the number what is not known of another clock', () => {
      expect(notesOf(at(own / 2, name)).join()).toContain(
        `prices parts made for ${own} MHz; at ${own / 2} MHz the energy of each use, leakage and area are taken to be the same, though parts for a slower clock may be smaller`,
      );
      expect(notesOf(at(4 * own, name)).join()).toMatch(/nothing says that they meet it|do not meet it/);
    });
  },
);

it('names the parts that miss a clock, as they were synthesised', () => {
  expect(notesOf(at(500, 'open-45')).join()).toMatch(/and each part alone meets it|do not meet it/);
  expect(notesOf(at(1000, 'open-45')).join()).toMatch(/do not meet it: .*adderbf16 \(\d\.\d\d ns\)/);
  expect(notesOf(at(1000, 'published')).join()).toContain('nothing says that they meet it');
});

it('is one technology a clock, so that what is kept of it is found', () => {
  const [technology] = TECHNOLOGIES;
  expect(atClock(technology, 400)).toBe(technology);
  expect(atClock(technology, 800)).toBe(atClock(technology, 800));
  expect(atClock(atClock(technology, 800), 200).pricedAt).toBe(technology.clock);
});
