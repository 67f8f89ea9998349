import { expect, it } from 'vitest';
import { published, repaired } from './support.ts';

it('changes the last digits only', () => {
  const [before, after] = [published({ batch: 3 }), repaired('whole-counts', { batch: 3 })];
  expect(after.total.time).toBe(before.total.time);
  expect(Math.abs(after.total.energy / before.total.energy - 1)).toBeLessThan(1e-6);
});

it('as published, every energy count of prefill is whole', () => {
  const fractions = ({ operators }: ReturnType<typeof published>): number[] =>
    operators
      .filter(({ operator: { phase } }) => phase === 'prefill')
      .flatMap(({ work, operator }) =>
        work.counts.map((count) => (count / operator.repeat / operator.layers) % 1),
      )
      .filter((fraction) => fraction !== 0);
  // 680 rows of scores on 256 lanes.
  const at = { design: 'carat-256', model: 'llama-2-13b', batch: 1, prefill: 17 };
  expect(fractions(published(at))).toEqual([]);
  expect(fractions(repaired('whole-counts', at)).length).toBeGreaterThan(0);
});
