import { expect, it } from 'vitest';
import { changed, published, repaired } from './support.ts';

it('repaired, adds its operators and changes no other', () => {
  const [before, after] = [published(), repaired('norms')];
  expect(new Set(changed(before, after).map((name) => name.split(' ')[1]))).toEqual(
    new Set(['norm-1', 'norm-2', 'final-norm']),
  );
  expect(after.total.time).toBeGreaterThan(before.total.time);
  expect(after.total.macs).toBe(before.total.macs);
});
