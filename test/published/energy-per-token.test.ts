import { expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { published, repaired } from './support.ts';

it('repaired, energy with leakage over all tokens of the batch', () => {
  const before = metrics(published());
  const after = metrics(repaired('energy-per-token'));
  expect(before.energy_per_token_J).toBe(before.energy_dynamic_J / 4096);
  expect(after.energy_per_token_J).toBe(before.energy_J / (8 * 4096));
});
