import { expect, it } from 'vitest';
import { changed, changes, published, repaired } from './support.ts';

it('repaired, counter registers and OR gates are those of one node', () => {
  expect(changes('mugi-256@4x4', 'noc-counts')).toEqual([
    'events.array second spike.or_gate: 1 → 256',
    'events.counter.counter_register: 20 → 5',
  ]);
  expect(changes('mugi-256', 'noc-counts')).toEqual([]);
  expect(changes('sa-16@4x4', 'noc-counts')).toEqual([]);
});

it('touches meshes only, and energy only', () => {
  expect(changed(published(), repaired('noc-counts'))).toEqual([]);
  const at = { design: 'mugi-256@4x4' };
  const [before, after] = [published(at), repaired('noc-counts', at)];
  expect(after.total.time).toBe(before.total.time);
  expect(after.total.energy).not.toBe(before.total.energy);
});
