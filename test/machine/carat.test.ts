import { expect, it } from 'vitest';
import { CaratColumn } from '../../src/machine/carat/carat-column.ts';
import { caratProduct, caratScaling, int4ToFp8 } from '../../src/machine/carat/carat-product.ts';
import { CARAT_ROW_LATENCY, CaratRow } from '../../src/machine/carat/carat-row.ts';
import { add, multiply } from '../../src/machine/part/float.ts';
import { FLOAT_LATENCY } from '../../src/machine/part/registered.ts';
import { fromBits, toBits } from '../../src/number/bf16.ts';
import { E4M3, fromBits as fromFp8 } from '../../src/number/fp8.ts';
import { simulate } from '../../src/hardware/index.ts';
import { CORNERS, generator } from '../hardware/support/bf16.ts';

it('a column makes (8 + t)·a by addition', () => {
  const column = new CaratColumn();
  const random = generator(2);
  const seen: number[] = [];
  const started: number[] = [];
  for (let cycle = 0; cycle < 8 * 600; cycle++) {
    const start = cycle % 8 === 0;
    const activation = CORNERS[cycle / 8] ?? random() & 0xffff;
    if (start) started.push(activation);
    seen.push(column.value);
    column.clock(start, activation);
  }
  started.slice(0, 598).forEach((a, i) => {
    const value = fromBits(a);
    for (let t = 0; t < 8; t++) {
      const got = fromBits(seen[8 * i + t + FLOAT_LATENCY + 1]);
      const want = (8 + t) * value;
      if (Math.abs(value) < 2 ** -126 || Math.abs(want) > 3e38 || Number.isNaN(want)) continue;
      // At most four roundings, each of half a unit of eight bits.
      expect(Math.abs(got - want)).toBeLessThanOrEqual(Math.abs(want) * 4 * 2 ** -8);
      if (t === 0) expect([a, got]).toEqual([a, 8 * value]);
    }
  });
});

it('scales by every FP8 weight, as its hardware does, exactly where the result is normal', () => {
  const rtl = simulate(caratScaling.module);
  const random = generator(4);
  for (let weight = 0; weight < 256; weight++) {
    for (let i = 0; i < 120; i++) {
      const value = CORNERS[i] ?? random() & 0xffff;
      const product = caratProduct(value, weight);
      rtl.poke('value', value);
      rtl.poke('weight', weight);
      expect([value, weight, rtl.peek('product')]).toEqual([value, weight, product]);
      const magnitude = 8 + (weight & 7);
      const exact = (fromBits(value) / magnitude) * fromFp8(weight, E4M3);
      const size = Math.abs(exact);
      if (size < 2 ** -120 || size > 2 ** 120 || Number.isNaN(exact) || (weight & 0x78) === 0) continue;
      expect(fromBits(product)).toBeCloseTo(exact, -Math.log10(size) + 10);
    }
  }
});

it('takes every INT4 exactly through FP8', () => {
  for (let nibble = 0; nibble < 16; nibble++) {
    expect(fromFp8(int4ToFp8(nibble), E4M3)).toBe((nibble << 28) >> 28);
  }
});

it('a row multiplies vectors of INT4 weights and eight activations', () => {
  const frames = 24;
  const random = generator(6);
  const weights = Array.from({ length: frames }, () => int4ToFp8(random() & 15));
  const activations = Array.from({ length: frames }, () =>
    Array.from({ length: 8 }, () => 0x3f00 | (random() & 0x80ff)),
  );
  const value = (frame: number, column: number, t: number): number =>
    frame < 0 || frame >= frames ? 0 : multiply(toBits(8 + t), activations[frame][column]);
  const row = new CaratRow();
  const results: number[] = [];
  // The weight of frame n is taken at the end of frame n − 1, so one frame runs in front.
  for (let cycle = -8; cycle < 8 * (frames + 2); cycle++) {
    const frame = Math.floor(cycle / 8);
    const columns = Uint16Array.from({ length: 8 }, (_, c) => {
      const at = cycle - c;
      return value(Math.floor(at / 8), c, ((at % 8) + 8) % 8);
    });
    const lanes = Array.from({ length: 8 }, (_, c) => Math.floor((cycle - c) / 8) & 1);
    const inputs = {
      count: ((cycle % 8) + 8) % 8,
      parity: frame & 1,
      weight: weights[frame + 1] ?? 0,
      columns,
      parities: lanes.reduce((all, bit, c) => all | (bit << c), 0),
      restart: frame === 1,
    };
    results.push(row.result);
    row.clock(inputs);
  }
  for (let c = 0; c < 8; c++) {
    let want = 0;
    for (let k = 0; k < frames; k++) {
      const weight = weights[k];
      want = add(caratProduct(value(k, c, weight & 7), weight), want);
    }
    expect([c, results[8 + 8 * frames + c + CARAT_ROW_LATENCY]]).toEqual([c, want]);
  }
});
