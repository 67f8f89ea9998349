import { expect, it } from 'vitest';
import { find, published, repaired } from './support.ts';

it('repaired, prefill reloads weights once for 64 rows that fit; decode does not change', () => {
  const [before, after] = [published(), repaired('sram-tiles')];
  expect(find(before, 'q', 'prefill').work.dram.weight).toBe(2 * 8192 * 8192 * 4 * 80);
  expect(find(after, 'q', 'prefill').work.dram.weight).toBe(8 * 8192 * 8192 * 4 * 80);
  expect(find(after, 'q').work.dram.weight).toBe(find(before, 'q').work.dram.weight);
});
