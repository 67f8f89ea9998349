import { expect, it } from 'vitest';
import { DotProduct, dotProductLatency } from '../../src/machine/tensor/dot-product.ts';
import { add, multiply } from '../../src/machine/part/float.ts';
import {
  PWL_LATENCY,
  PwlLane,
  patternKey,
  pwlLaneModule,
  SEGMENTS,
} from '../../src/machine/part/pwl-lane.ts';
import { FLOAT_LATENCY } from '../../src/machine/part/registered.ts';
import { VectorLane } from '../../src/machine/simd/vector-lane.ts';
import { fromBits, toBits } from '../../src/number/bf16.ts';
import { simulate } from '../../src/hardware/index.ts';
import { CORNERS, generator } from '../hardware/support/bf16.ts';

it('a dot product sums by a balanced tree', () => {
  const depth = 4;
  const unit = new DotProduct(depth);
  const random = generator(21);
  const draw = (): number[] =>
    Array.from({ length: depth }, () =>
      random() % 9 === 0 ? CORNERS[random() % 66] : 0x3c00 | (random() & 0x87ff),
    );
  const latency = dotProductLatency(depth);
  const inputs = Array.from({ length: 600 }, () => ({ a: draw(), b: draw(), partial: draw()[0] }));
  inputs.forEach(({ a, b, partial }, cycle) => {
    if (cycle >= latency) {
      const past = inputs[cycle - latency];
      const [p, q, r, s] = past.a.map((x, i) => multiply(x, past.b[i])) as [number, number, number, number];
      const tree = add(add(p, q), add(r, s));
      expect([cycle, unit.sum]).toEqual([cycle, add(tree, inputs[cycle - FLOAT_LATENCY].partial)]);
    }
    unit.clock(a, b, partial);
  });
});

it('two interleaved sums of a vector lane are the sums of their products', () => {
  const lane = new VectorLane();
  const random = generator(23);
  const terms = 20;
  const values = Array.from({ length: terms }, () => 0x3c00 | (random() & 0x87ff));
  const two = toBits(2);
  const seen: number[] = [];
  for (let cycle = 0; cycle < terms + 2 * FLOAT_LATENCY; cycle++) {
    const arriving = cycle - 1 - FLOAT_LATENCY;
    lane.clock({ a: values[cycle] ?? 0, b: two, addend: 0, accumulate: arriving >= FLOAT_LATENCY });
    seen.push(lane.sum);
  }
  const sums = [0, 1].map((chain) =>
    values.filter((_, i) => i % 2 === chain).reduce((sum, x) => add(multiply(x, two), sum), 0),
  );
  expect(seen.slice(-2)).toEqual(sums);
});

it('a PWL lane evaluates the segment of x, as its hardware does', () => {
  const rise = Array.from({ length: SEGMENTS }, (_, i) => toBits(-5 + (10 * i) / SEGMENTS));
  const silu = (x: number): number => x / (1 + Math.exp(-x));
  const segments = rise.map((bits) => {
    const [x0, x1] = [fromBits(bits), fromBits(bits) + 10 / SEGMENTS];
    const slope = (silu(x1) - silu(x0)) / (x1 - x0);
    return { slope: toBits(slope), offset: toBits(silu(x0) - slope * x0) };
  });
  const lane = new PwlLane(rise.slice(1), segments);
  const rtl = simulate(pwlLaneModule);
  rtl.poke('load', 1);
  for (let i = SEGMENTS - 1; i >= 0; i--) {
    const { slope, offset } = segments[i];
    rtl.poke('entry', (BigInt(patternKey(rise[i])) << 32n) | (BigInt(slope) << 16n) | BigInt(offset));
    rtl.step();
  }
  rtl.poke('load', 0);
  const random = generator(24);
  const inputs = Array.from({ length: 3000 }, (_, i) =>
    i < CORNERS.length ? CORNERS[i] : toBits((random() / 2 ** 32) * 12 - 6),
  );
  inputs.forEach((x, cycle) => {
    rtl.poke('x', x);
    // Before the first x comes out, the two may hold different things.
    if (cycle >= PWL_LATENCY) {
      expect([cycle, rtl.peek('y')]).toEqual([cycle, lane.y]);
      const value = fromBits(inputs[cycle - PWL_LATENCY]);
      if (Math.abs(value) < 4.9) expect(Math.abs(fromBits(lane.y) - silu(value))).toBeLessThan(0.05);
    }
    lane.clock(x);
    rtl.step();
  });
});
