import { expect, it } from 'vitest';
import { changes, find, published, repaired } from './support.ts';

it('counts loads of weights as they occur, and scales with the lanes that have outputs', () => {
  const was = published({ design: 'sa-16' });
  const now = repaired('mac-counts', { design: 'sa-16' });
  const count = (of: typeof was, event: string): number => {
    const { work } = find(of, 'up');
    return work.counts[work.rules!.rules.findIndex((rule) => rule.event === event)];
  };
  // Every weight enters once for each of 16 lanes of a fold; the artifact counts a load for 256 outputs.
  expect(count(now, 'weight load') / count(was, 'weight load')).toBeCloseTo(16, 9);
  expect(count(now, 'array')).toBe(count(was, 'array'));
  expect(now.total.time).toBe(was.total.time);
});

it('lets a load of a SIMD array write its own row of registers', () => {
  expect(changes('sd-16', 'mac-counts')).toEqual([
    'array.counting: artifact → none',
    'events.weight load.weight_register: 256 → 16',
  ]);
  expect(changes('mugi-256', 'mac-counts')).toEqual(['array.counting: artifact → none']);
});
