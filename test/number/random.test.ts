import { describe, expect, it } from 'vitest';
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

describe('normal values', () => {
  const COUNT = 1_000_000;
  const values = gaussian(random(2), COUNT, 3).map((x) => x / 3);
  const mean = (f: (x: number) => number): number => values.reduce((sum, x) => sum + f(x), 0) / COUNT;

  // Five standard errors of a mean of so many: √(Var xⁿ / count), with E x²ⁿ = (2n − 1)!! of the normal distribution.
  it.each([
    { power: 1, moment: 0, variance: 1 },
    { power: 2, moment: 1, variance: 3 - 1 },
    { power: 3, moment: 0, variance: 15 },
    { power: 4, moment: 3, variance: 105 - 9 },
    { power: 6, moment: 15, variance: 10_395 - 225 },
  ])('moment $power is $moment', ({ power, moment, variance }) => {
    expect(Math.abs(mean((x) => x ** power) - moment)).toBeLessThan(5 * Math.sqrt(variance / COUNT));
  });

  // 2·(1 − Φ(z)) from tables; 3.46 is where a sum of four uniform values ends.
  it.each([
    [1, 0.317310508],
    [2, 0.0455002639],
    [3, 0.00269979606],
    [2 * Math.sqrt(3), 0.000532005505],
    [4, 0.0000633424837],
  ])('beyond %f deviations lies their share', (z, share) => {
    const beyond = mean((x) => (Math.abs(x) > z ? 1 : 0));
    expect(Math.abs(beyond - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / COUNT));
  });

  it('are those of the seed', () => {
    const draw = (seed: number): number[] => [...gaussian(random(seed), 5, 1)];
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    // Scaling happens behind the draw.
    expect([...gaussian(random(7), 5, 2)]).toEqual(draw(7).map((x) => 2 * x));
  });
});
