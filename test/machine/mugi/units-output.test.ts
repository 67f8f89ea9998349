import { expect, it } from 'vitest';
import { rowAdder } from '../../../src/machine/mugi/unit/row-adder.ts';
import { add } from '../../../src/machine/mugi/proof/arithmetic.ts';
import { CORNERS } from '../../hardware/support/bf16.ts';
import { Sram, sramModule } from '../../../src/machine/mugi/unit/sram.ts';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import { random } from './reference.ts';
import { CYCLES, integer, poke } from './pins.ts';

it('the adder of a row rounds as defined, at every edge of the format and on random pairs', () => {
  const rtl = simulate(rowAdder.module);
  const [a, b, sum] = [rtl.poker('a'), rtl.poker('b'), rtl.probe('sum')];
  rtl.poke('enable', 1);
  const next = random(12);
  const pairs: [number, number][] = CORNERS.flatMap((x) => CORNERS.map((y): [number, number] => [x, y]));
  for (let i = 0; i < 60_000; i++) {
    const x = Math.floor(next() * 65536);
    // Half of them of like magnitude, where digits cancel, and a quarter near the subnormals.
    const y = i % 2 === 0 ? Math.floor(next() * 65536) : (x & 0x7f80) ^ Math.floor(next() * 0x200) ^ 0x8000;
    pairs.push(i % 4 === 3 ? [x & 0x87ff, y & 0x87ff] : [x, y & 0xffff]);
  }
  let wrong = 0;
  for (const [x, y] of pairs) {
    a(x);
    b(y);
    rtl.step();
    if (sum() !== add(x, y)) wrong++;
  }
  expect(wrong).toBe(0);
  // It holds while it is not enabled.
  const before = sum();
  rtl.poke('enable', 0);
  a(0x3f80);
  b(0x4000);
  rtl.step();
  expect(sum()).toBe(before);
});

it('SRAMs read and write alike', () => {
  const next = random(7);
  const memory = simulate(sramModule(16, 32));
  const sram = new Sram(32);
  for (let cycle = 0; cycle < CYCLES; cycle++) {
    const [read, write, from, to, word] = [2, 2, 32, 32, 65536].map((below) => integer(next, below)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    poke(memory, { read, read_address: from, write, write_address: to, word });
    memory.step();
    sram.clock(read === 1, from, write === 1, to, word);
    expect(memory.peek('data')).toBe(sram.data);
  }
});
