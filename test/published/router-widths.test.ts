import { expect, it } from 'vitest';
import { changed, find, published, repaired } from './support.ts';

it('touches meshes only, and energy only', () => {
  expect(changed(published(), repaired('router-widths'))).toEqual([]);
  const at = { design: 'mugi-256@4x4' };
  const [before, after] = [published(at), repaired('router-widths', at)];
  expect(after.total.time).toBe(before.total.time);
  expect(after.total.energy).not.toBe(before.total.energy);
});

it('repaired, every bit of traffic is counted over half of the mesh', () => {
  const { work } = find(repaired('router-widths', { design: 'mugi-256@4x4' }), 'q');
  expect(work.routing).toBe((work.dram.input + work.dram.weight + work.dram.output) * 2.5);
});
