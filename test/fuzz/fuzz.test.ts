import { expect, it } from 'vitest';
import { dice, mutateJson } from './mutate.ts';
import { fuzz } from './fuzz.ts';
import { outcomeOf } from './outcome.ts';
import { TARGETS } from './targets/index.ts';

it('hostile files get a right result or the user’s mistake named, in time, space and words', async () => {
  const { faults, tallies } = await fuzz({ seed: 20261129, inputs: 1000 });
  expect(faults).toEqual([]);
  // Every reader was tried, and refused something; most accept something too.
  expect([...tallies.keys()].sort()).toEqual(TARGETS.map(({ name }) => name).sort());
  const accepting = [...tallies.values()].filter(({ accepted }) => accepted > 0);
  expect(accepting.length).toBeGreaterThan(10);
});

it('makes the same input of the same seed and number', () => {
  const make = (seed: number, index: number) => mutateJson('{"a": [1, 2, {"b": "c"}]}', dice(seed, index));
  expect(make(1, 7)).toBe(make(1, 7));
  expect(new Set(Array.from({ length: 50 }, (_, i) => make(1, i))).size).toBeGreaterThan(25);
});

it('finds what it looks for', async () => {
  const kinds = await Promise.all(
    [
      () => 1,
      () => {
        throw new TypeError('reader is not a function');
      },
    ].map(async (work) => (await outcomeOf(work)).kind),
  );
  expect(kinds).toEqual(['accepted', 'fault']);
});
