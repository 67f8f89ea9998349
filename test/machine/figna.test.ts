import { expect, it } from 'vitest';
import {
  align,
  ALIGNED_BITS,
  alignmentDistance,
  sharedExponent,
  prealigner,
} from '../../src/machine/figna/figna-align.ts';
import { FignaArray, fignaArrayModule, fignaLatency } from '../../src/machine/figna/figna-array.ts';
import { FignaPe } from '../../src/machine/figna/figna-pe.ts';
import { integerToBf16 } from '../../src/machine/part/integer-to-bf16.ts';
import { fromBits } from '../../src/number/bf16.ts';
import { simulate } from '../../src/hardware/index.ts';
import { generator } from '../hardware/support/bf16.ts';

it('aligns every activation as its hardware does', () => {
  const rtl = simulate(prealigner.module);
  for (let x = 0; x < 65536; x += 7) {
    for (const distance of [0, 1, 3, 4, 7, 11, 12, 15]) {
      rtl.poke('x', x);
      rtl.poke('distance', distance);
      expect([x, distance, rtl.peek('aligned')]).toEqual([x, distance, align(x, distance)]);
    }
  }
});

it('gives dot products that differ from exact ones by no more than the bits dropped in alignment', () => {
  const random = generator(13);
  for (let trial = 0; trial < 300; trial++) {
    const rows = 16;
    const activations = Array.from({ length: rows }, () => 0x3c00 + (random() & 0x83ff));
    const weights = Array.from({ length: rows }, () => random() & 15);
    const shared = sharedExponent(activations);
    const column = Array.from({ length: rows }, () => new FignaPe());
    let partial = 0;
    let exact = 0;
    let lost = 0;
    column.forEach((pe, k) => {
      const x = activations[k];
      const aligned = align(x, alignmentDistance(shared, (x >>> 7) & 0xff));
      const inputs = { activation: aligned, partial, weight: weights[k], load: true };
      pe.clock(inputs);
      pe.clock(inputs);
      partial = pe.partial;
      const weight = (weights[k] << 28) >> 28;
      exact += weight * fromBits(x);
      lost += Math.abs(weight) * 2 ** (shared - 127 - ALIGNED_BITS + 1);
    });
    const got = fromBits(integerToBf16(partial, shared));
    expect(Math.abs(got - exact)).toBeLessThanOrEqual(lost + Math.abs(got) * 2 ** -8);
  }
});

it('an array gives the dot products of aligned vectors, and equals its hardware in every cycle', () => {
  const size = 4;
  const vectors = 60;
  const random = generator(17);
  const array = new FignaArray(size);
  const rtl = simulate(fignaArrayModule(size));
  rtl.reset();
  const zeros = Array.from({ length: size }, () => 0);
  let cycle = 0;
  const clock = (activations: readonly number[], nibbles: readonly number[], load: boolean): void => {
    rtl.poke('activation', activations);
    rtl.poke('nibble', nibbles);
    rtl.poke('load', load ? 1 : 0);
    // Before the pipelines have filled, registers without reset may differ.
    if (cycle++ > fignaLatency(size) + size) expect(rtl.peekLanes('result')).toEqual(array.results);
    array.clock(activations, nibbles, load);
    rtl.step();
  };
  const weights = Array.from({ length: size }, () => Array.from({ length: size }, () => random() & 15));
  for (let row = size - 1; row >= 0; row--) clock(zeros, weights[row], true);
  const inputs = Array.from({ length: vectors }, (_, i) =>
    Array.from({ length: size }, () => (i < 40 ? 0x3c00 | (random() & 0x83ff) : random() & 0xffff)),
  );
  const seen: number[][] = [];
  for (let i = 0; i < vectors + fignaLatency(size) + size; i++) {
    seen.push([...array.results]);
    clock(inputs[i] ?? zeros, zeros, false);
  }
  inputs.forEach((input, i) => {
    const shared = sharedExponent(input);
    for (let n = 0; n < size; n++) {
      const sum = input.reduce((all, x, k) => {
        const aligned = align(x, alignmentDistance(shared, (x >>> 7) & 0xff));
        const magnitude = aligned & (2 ** ALIGNED_BITS - 1);
        return all + (aligned === magnitude ? magnitude : -magnitude) * ((weights[k][n] << 28) >> 28);
      }, 0);
      expect([i, n, seen[i + fignaLatency(size) + n][n]]).toEqual([i, n, integerToBf16(sum, shared)]);
    }
  });
});
