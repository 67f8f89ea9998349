import { expect, it } from 'vitest';
import { changed, find, published, repaired } from './support.ts';

it('repaired, skips masked keys where the array is small enough to, and never needs more', () => {
  const [before, after] = [published({ design: 'sa-16' }), repaired('causal-prefill', { design: 'sa-16' })];
  expect(new Set(changed(before, after))).toEqual(
    new Set(['prefill q·kT', 'prefill a·v', 'prefill softmax']),
  );
  // 64 keys in 4 pieces of 16, two query positions a column tile: 16 tiles need 1, 1, …, 4 pieces.
  const share = find(after, 'q·kT', 'prefill').time / find(before, 'q·kT', 'prefill').time;
  expect(share).toBeCloseTo((8 * (1 + 2 + 3 + 4)) / (32 * 4), 9);
  const softmax =
    find(after, 'softmax', 'prefill').work.elements / find(before, 'softmax', 'prefill').work.elements;
  expect(softmax).toBeCloseTo(65 / 128, 12);
});
