import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/hardware/index.ts';
import { bf16Adder, type FloatOptions } from '../../src/hardware/units/bf16-adder.ts';
import { bf16Multiplier } from '../../src/hardware/units/bf16-multiplier.ts';
import { fifo } from '../../src/hardware/units/fifo.ts';
import { CORNERS, definition, generator } from './support/bf16.ts';

/** All pairs of corners, then random pairs, half of them with exponents close together. */
function* operands(count: number): Generator<[number, number]> {
  for (const a of CORNERS) for (const b of CORNERS) yield [a, b];
  const random = generator(0x5eed);
  for (let i = 0; i < count; i++) {
    const a = random() & 0xffff;
    const near = (a + ((random() % 0x1000) - 0x800)) & 0xffff;
    yield [a, i % 2 === 0 ? random() & 0xffff : near ^ ((random() & 1) << 15)];
  }
}

const hex = (value: number) => value.toString(16).padStart(4, '0');

describe.each([
  ['adder', bf16Adder, 'sum', (a: number, b: number) => a + b],
  ['multiplier', bf16Multiplier, 'product', (a: number, b: number) => a * b],
] as const)('the BF16 %s', (_, unit, output, operation) => {
  for (const subnormals of ['gradual', 'flush'] as const) {
    for (const stages of [0, 1, 2, 3] as const) {
      it(`equals its definition: ${subnormals}, ${stages} stages`, () => {
        const options: FloatOptions = { subnormals, stages };
        const sim = simulate(unit(options) as ReturnType<typeof bf16Adder>);
        const expected = definition(operation, subnormals === 'flush');
        const [pokeA, pokeB, read] = [sim.poker('a'), sim.poker('b'), sim.probe(output)];
        const waiting: [number, number][] = [];
        let wrong = '';
        for (const pair of operands(stages === 0 ? 100_000 : 5_000)) {
          pokeA(pair[0]);
          pokeB(pair[1]);
          waiting.push(pair);
          if (waiting.length > stages) {
            const [a, b] = waiting.shift()!;
            const got = read();
            if (got !== expected(a, b) && wrong === '') {
              wrong = `${hex(a)} and ${hex(b)} give ${hex(got)}, not ${hex(expected(a, b))}`;
            }
          }
          if (stages > 0) sim.step();
        }
        expect(wrong).toBe('');
      });
    }
  }
});

describe('the FIFO', () => {
  it('behaves as a queue under random pushes and pops', () => {
    const sim = simulate(fifo({ width: 16, depth: 8 }));
    const random = generator(3);
    const queue: number[] = [];
    sim.reset();
    for (let i = 0; i < 5000; i++) {
      // Long runs of mostly pushes and mostly pops, so that it fills and empties.
      const busy = (i >>> 6) & 1;
      const [push, pop] = [
        random() % 4 > (busy === 1 ? 0 : 2) ? 1 : 0,
        random() % 4 > (busy === 1 ? 2 : 0) ? 1 : 0,
      ];
      const data = random() & 0xffff;
      sim.poke('push', push);
      sim.poke('pop', pop);
      sim.poke('data', data);
      expect(sim.peek('empty')).toBe(queue.length === 0 ? 1 : 0);
      expect(sim.peek('full')).toBe(queue.length === 8 ? 1 : 0);
      if (queue.length > 0) expect(sim.peek('front')).toBe(queue[0]);
      const [full, empty] = [queue.length === 8, queue.length === 0];
      if (pop === 1 && !empty) queue.shift();
      if (push === 1 && !full) queue.push(data);
      sim.step();
    }
  });

  it('refuses a depth that is no power of two', () => {
    expect(() => fifo({ width: 4, depth: 6 })).toThrow(/power of two/);
  });
});
