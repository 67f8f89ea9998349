import { expect, it } from 'vitest';
import { gaussian, random } from '../../src/number/random.ts';

it('draws the sequence of mulberry32', () => {
  const next = random(1);
  // The algorithm in whole numbers, without Math.imul: products modulo 2^32.
  let state = 1n;
  const low = (x: bigint): bigint => BigInt.asUintN(32, x);
  for (let i = 0; i < 100; i++) {
    state = low(state + 0x6d2b79f5n);
    let t = low((state ^ (state >> 15n)) * (state | 1n));
    t ^= low(t + (t ^ (t >> 7n)) * (t | 61n));
    expect(next()).toBe(Number(t ^ (t >> 14n)) / 2 ** 32);
  }
  expect(random(1)()).toBe(0.6270739405881613);
});

it('draws values of the deviation asked for', () => {
  const values = gaussian(random(2), 20_000, 3);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(Math.abs(deviation - 3)).toBeLessThan(0.1);
});
