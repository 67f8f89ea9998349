import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { module, simulate } from '../../src/hardware/index.ts';
import { counter, everything } from './support/examples.ts';

const flag = (condition: boolean) => (condition ? 1n : 0n);

describe('the simulator', () => {
  it('counts, holds, loads, wraps and resets', () => {
    const sim = simulate(counter(3));
    sim.poke('enable', 1);
    sim.step(6);
    expect(sim.peek('count')).toBe(6);
    expect(sim.peek('wraps')).toBe(0);
    sim.step();
    expect(sim.peek('wraps')).toBe(1);
    sim.step();
    expect(sim.peek('count')).toBe(0);
    sim.poke('enable', 0);
    sim.step(3);
    expect(sim.peek('count')).toBe(0);
    sim.poke('load', 1);
    sim.poke('start', 5);
    sim.step();
    expect(sim.peek('count')).toBe(5);
    sim.reset();
    expect(sim.peek('count')).toBe(0);
    expect(sim.cycle).toBe(13);
  });

  it('reaches every signal of the hierarchy by its path', () => {
    const pair = module({ name: 'pair', inputs: { go: 1 } }, (m, { go }) => {
      const low = m.instance('low', counter(2), { enable: go, load: 0, start: 0 });
      const high = m.instance('high', counter(2), { enable: low.wraps, load: 0, start: 0 });
      return { value: [low.count, high.count] };
    });
    const sim = simulate(pair);
    sim.poke('go', 1);
    sim.step(7);
    expect(sim.peek('low.count')).toBe(3);
    expect(sim.peek('high.enable')).toBe(1);
    expect(sim.peekLanes('value')).toEqual([3, 1]);
    expect(() => sim.peek('low.cuont')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: 'low.count' }) }),
    );
    expect(() => sim.poke('low.enable', 2)).toThrow(/does not fit|no input/);
  });

  it('settles what instances and registers share before both', () => {
    const keep = module({ name: 'keep', inputs: { on: 1, value: 4 } }, (m, { on, value }) => ({
      kept: m.delay('kept', value, { enable: on }),
    }));
    const top = module({ name: 'sharing', inputs: { a: 1, b: 1, value: 4 } }, (m, { a, b, value }) => {
      const on = a.or(b);
      const { kept } = m.instance('first', keep, { on, value });
      return { kept, later: m.delay('later', on), last: m.delay('last', on.and(a)) };
    });
    const sim = simulate(top);
    sim.poke('a', 1);
    sim.poke('value', 9);
    sim.step();
    expect([sim.peek('kept'), sim.peek('later'), sim.peek('last')]).toEqual([9, 1, 1]);
  });

  it('refuses a combinational loop and names it', () => {
    const loop = module({ name: 'loop', inputs: { a: 1 } }, (m, { a }) => {
      const w = m.declare('w', 1);
      w.drive(m.wire('v', w.and(a)));
      return { y: w };
    });
    expect(() => simulate(loop)).toThrow(/combinational loop: (w -> v -> w|v -> w -> v)/);
  });

  for (const width of [2, 5, 16, 31, 32, 33, 70]) {
    it(`computes every operation as bigint arithmetic does, ${width} bits`, () => {
      const sim = simulate(everything(width));
      const limit = 1n << BigInt(width);
      const mask = limit - 1n;
      const value = fc.oneof(fc.bigInt(0n, mask), fc.constantFrom(0n, 1n, mask, mask >> 1n, limit >> 1n));
      let held = 1n;
      const file = Array.from({ length: 8 }, () => 0n);
      sim.reset();
      // The cycle of the reset writes nothing: s is low.
      fc.assert(
        fc.property(
          fc.record({
            a: value,
            b: value,
            c: fc.integer({ min: 0, max: 7 }),
            s: fc.integer({ min: 0, max: 1 }),
          }),
          fc.tuple(value, value, value),
          ({ a, b, c, s }, lanes) => {
            sim.poke('a', a);
            sim.poke('b', b);
            sim.poke('c', c);
            sim.poke('s', s);
            sim.poke('lanes', lanes);
            const sum = (a + b) & mask;
            const ones = sum.toString(2).replaceAll('0', '').length;
            const far = (b < BigInt(width) ? (a << b) & mask : 0n) | (b < BigInt(width) ? a >> b : 0n);
            const expected: Record<string, bigint> = {
              bitwise: ((a & b) | (~a & mask)) ^ b,
              arithmetic: (sum + a) & mask,
              carry: a + b,
              product: a * b,
              compare: [a === b, a !== b, a < b, a > b, a <= b, a >= b, a === 0n].reduce(
                (bits, condition) => (bits << 1n) | flag(condition),
                0n,
              ),
              shifts: ((a << BigInt(c)) & mask) ^ (b >> BigInt(c)),
              beyond: far,
              slices: ((((a + 1n) & mask) >> 1n) << 4n) | ((b >> BigInt(width - 2)) << 2n) | (b & 3n),
              reductions: [sum === mask, sum !== 0n, ones % 2 === 1, a === 0n].reduce(
                (bits, condition) => (bits << 1n) | flag(condition),
                0n,
              ),
              chosen: s === 1 ? a : sum,
              selected: [a, b, sum, a & b, ...lanes][c] ?? 0n,
              few: [1n, a][c] ?? 0n,
              first: a < b ? lanes[0] : s === 1 ? 3n : lanes[2],
              gated: s === 1 ? a : 0n,
              extended: a >> BigInt(width - 1) === 1n ? a | (7n << BigInt(width)) : a,
              joined: lanes[0] | lanes[1] | lanes[2],
              word: c < 6 ? BigInt((c * 37) % 2 ** Math.min(width, 8)) : 0n,
              stored: file[c],
              'rotated[0]': lanes[1],
              'rotated[2]': lanes[0],
              held,
            };
            for (const [name, want] of Object.entries(expected))
              expect([name, sim.peekBig(name)]).toEqual([name, want]);
            sim.step();
            if (s === 1) {
              held = sum;
              file[c] = sum;
            }
          },
        ),
        { numRuns: 200, seed: 7 },
      );
    });
  }
});
