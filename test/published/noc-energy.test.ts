import { expect, it } from 'vitest';
import { changed, changes, published, repaired } from './support.ts';

it('repaired, column multipliers, output adders and FIFOs of all nodes count', () => {
  expect(changes('mugi-256@4x4', 'noc-energy')).toEqual([
    'events.input value reuse.multiplier: 4 → 64',
    'events.input value reuse.multiplier_register: 16 → 256',
  ]);
  expect(changes('carat-256@4x4', 'noc-energy')).toEqual([
    'events.input value reuse.accumulator: 4 → 64',
    'events.input value reuse.accumulator_register: 12 → 192',
    'events.input value reuse.exp_scale: 4 → 64',
    'events.input value reuse.wreg: 4 → 64',
  ]);
  expect(changes('sa-16@4x4', 'noc-energy')).toEqual([
    'events.array.adder: 1 → 16',
    'events.array.ofifo: 1 → 16',
  ]);
  expect(changes('sd-16@4x4', 'noc-energy')).toEqual([
    'events.array.accumulator_register: 1 → 16',
    'events.array.adder: 1 → 16',
    'events.array.ofifo: 1 → 16',
  ]);
  expect(changes('tensor@2x1', 'noc-energy')).toEqual([
    'events.array.accumulator_register: 64 → 128',
    'events.array.adder: 64 → 128',
    'events.array.ofifo: 64 → 128',
  ]);
  for (const name of ['mugi-256', 'mugi-l-128', 'carat-256', 'sa-16', 'sd-16', 'tensor'])
    expect(changes(name, 'noc-energy')).toEqual([]);
});

it('touches meshes only, and energy only', () => {
  expect(changed(published(), repaired('noc-energy'))).toEqual([]);
  const at = { design: 'mugi-256@4x4' };
  const [before, after] = [published(at), repaired('noc-energy', at)];
  expect(after.total.time).toBe(before.total.time);
  expect(after.total.energy).not.toBe(before.total.energy);
});

it('repaired, a mesh spends on column multipliers what one node spends on the same work', () => {
  const one = repaired('noc-energy').total.energy;
  const mesh = repaired('noc-energy', { design: 'mugi-256@4x4' }).total.energy;
  const quirk = published({ design: 'mugi-256@4x4' }).total.energy;
  expect(Math.abs(mesh / one - 1)).toBeLessThan(Math.abs(quirk / one - 1));
});
