import { expect, it } from 'vitest';
import { changed, find, published, repaired } from './support.ts';

it('repaired, adds its operators and changes no other', () => {
  const [before, after] = [published(), repaired('kv-writes')];
  expect(new Set(changed(before, after).map((name) => name.split(' ')[1]))).toEqual(new Set(['kv-write']));
  expect(after.total.time).toBeGreaterThan(before.total.time);
  expect(after.total.macs).toBe(before.total.macs);
});

it('repaired, keys and values of each token are written once', () => {
  const bits = find(repaired('kv-writes'), 'kv-write', 'prefill').work.dram.output;
  expect(bits).toBe(80 * 2 * 8 * 64 * 8 * 128 * 4);
});
