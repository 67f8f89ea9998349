import { expect, it } from 'vitest';
import { add, multiply } from '../../src/machine/part/float.ts';
import { int4ToBf16 } from '../../src/machine/part/int4-to-bf16.ts';
import {
  SystolicArray,
  systolicArrayModule,
  systolicLatency,
} from '../../src/machine/systolic/systolic-array.ts';
import { simulate } from '../../src/hardware/index.ts';
import { CORNERS, definition, generator } from '../hardware/support/bf16.ts';

it('adds and multiplies with subnormals as zero, as defined', () => {
  const [sum, product] = [definition((a, b) => a + b, true), definition((a, b) => a * b, true)];
  for (const a of CORNERS) {
    for (const b of CORNERS) {
      expect([a, b, add(a, b), multiply(a, b)]).toEqual([a, b, sum(a, b), product(a, b)]);
    }
  }
});

it('converts every INT4 exactly', () => {
  const float = new Float32Array(1);
  const word = new Uint32Array(float.buffer);
  for (let nibble = 0; nibble < 16; nibble++) {
    float[0] = (nibble << 28) >> 28;
    expect([nibble, int4ToBf16(nibble)]).toEqual([nibble, word[0] >>> 16]);
  }
});

it('multiplies matrices, sums in row order, and equals its hardware in every cycle', () => {
  const size = 3;
  const vectors = 40;
  const random = generator(7);
  const array = new SystolicArray(size);
  const rtl = simulate(systolicArrayModule(size));
  rtl.reset();
  const zeros = Array.from({ length: size }, () => 0);
  const clock = (activations: readonly number[], nibbles: readonly number[], load: boolean): void => {
    rtl.poke('activation', activations);
    rtl.poke('nibble', nibbles);
    rtl.poke('load', load ? 1 : 0);
    expect(rtl.peekLanes('result')).toEqual(array.results);
    array.clock(activations, nibbles, load);
    rtl.step();
  };
  const weights = Array.from({ length: size }, () => Array.from({ length: size }, () => random() & 15));
  for (let row = size - 1; row >= 0; row--) clock(zeros, weights[row], true);
  const inputs = Array.from({ length: vectors }, (_, i) =>
    Array.from({ length: size }, () => (i < 30 ? 0x3c00 | (random() & 0x83ff) : random() & 0xffff)),
  );
  const seen: number[][] = [];
  for (let cycle = 0; cycle < vectors + systolicLatency(size) + size; cycle++) {
    seen.push(array.results);
    clock(inputs[cycle] ?? zeros, zeros, false);
  }
  inputs.forEach((input, i) => {
    for (let n = 0; n < size; n++) {
      const want = input.reduce((sum, a, k) => add(sum, multiply(a, int4ToBf16(weights[k][n]))), 0);
      expect([i, n, seen[i + systolicLatency(size) + n][n]]).toEqual([i, n, want]);
    }
  });
});
