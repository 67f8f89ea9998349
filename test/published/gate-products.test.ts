import { expect, it } from 'vitest';
import { changed, published, repaired } from './support.ts';

it('repaired, adds its operators and changes no other', () => {
  const [before, after] = [published(), repaired('gate-products')];
  expect(new Set(changed(before, after).map((name) => name.split(' ')[1]))).toEqual(
    new Set(['gate-product']),
  );
  expect(after.total.time).toBeGreaterThan(before.total.time);
  expect(after.total.macs).toBe(before.total.macs);
});
