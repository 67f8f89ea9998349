import { describe, expect, it } from 'vitest';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import {
  cascadeAccumulatorModule,
  cascadeSteps,
  compensatedAccumulatorModule,
  wideAccumulatorModule,
} from '../../../src/machine/mugi/unit/candidate-accumulators.ts';
import { add } from '../../../src/machine/mugi/proof/arithmetic.ts';
import { floatAdder } from '../../../src/machine/part/float-adder.ts';
import { decode, encode, toBits } from '../../../src/number/bf16.ts';
import { rowSum } from '../../../src/vlp/row-sum.ts';
import { patterns, random } from './reference.ts';

/** One-hot lines of eight sums. */
const line = (slot: number | undefined): number[] => Array.from({ length: 8 }, (_, c) => Number(c === slot));

/** Exponentials as softmax adds them: BF16, from 0 to 1. */
const exponentials = (next: () => number, count: number): Uint16Array =>
  encode(Float32Array.from({ length: count }, () => Math.exp(-12 * next())));

/** Runs one frame of an accumulator: what is poked in which cycle; returns slot `read` at its end. */
type Frame = readonly { cycle: number; write: number; pins: Record<string, number | number[]> }[];

function runFrames(rtl: ReturnType<typeof simulate>, frames: readonly Frame[]): void {
  for (const frame of frames) {
    for (let cycle = 0; cycle < 8; cycle++) {
      const now = frame.find((step) => step.cycle === cycle);
      const before = frame.find((step) => step.cycle === cycle - 1);
      rtl.poke('add', Number(now !== undefined));
      for (const [pin, value] of Object.entries(now?.pins ?? {})) rtl.poke(pin, value as number);
      rtl.poke('write', line(before?.write) as never);
      rtl.step();
    }
  }
}

const slot = (rtl: ReturnType<typeof simulate>, index: number): number => {
  rtl.poke('read', line(index) as never);
  return Number(rtl.peek('head'));
};

describe('the cascade in the ring of the output accumulator', () => {
  it('takes at most four additions a key, two cycles apart, and gives the sum as defined', () => {
    const next = random(31);
    for (const count of [1, 2, 7, 8, 9, 63, 64, 65, 511, 512, 513, 4096, 5000]) {
      const values = exponentials(next, count);
      const sums = new Uint16Array(8);
      for (let key = 0; key < count; key++) {
        const steps = cascadeSteps(key, key === count - 1);
        expect(steps.length).toBeLessThanOrEqual(4);
        for (const [i, { cycle, adds, read, write }] of steps.entries()) {
          expect(cycle).toBe(2 * i);
          sums[write] = add(adds === 'result' ? values[key] : sums[0], read === undefined ? 0 : sums[read]);
        }
      }
      expect(sums[0], `${count} keys`).toBe(toBits(rowSum(decode(values), 0, count, 'bf16-cascade')));
    }
  });

  it('is what the gates do', () => {
    const next = random(32);
    const rtl = simulate(cascadeAccumulatorModule);
    for (const count of [5, 8, 64, 77, 600]) {
      const values = exponentials(next, count);
      const frames = [...values].map(
        (result, key): Frame =>
          cascadeSteps(key, key === count - 1).map(({ cycle, adds, read, write }) => ({
            cycle,
            write,
            pins: {
              result,
              add_result: Number(adds === 'result'),
              carry: Number(adds === 'slot 0'),
              read: line(read),
            },
          })),
      );
      runFrames(rtl, frames);
      expect(slot(rtl, 0), `${count} keys`).toBe(toBits(rowSum(decode(values), 0, count, 'bf16-cascade')));
    }
  });
});

it('the compensated accumulator fills a frame with four additions and gives the sum as defined', () => {
  const next = random(33);
  const rtl = simulate(compensatedAccumulatorModule);
  for (const count of [1, 40, 300]) {
    const values = exponentials(next, count);
    const frames = [...values].map((result, key): Frame => {
      // The total and the next total change places; slot 1 holds the excess, slot 2 the term.
      const [total, after] = key % 2 === 0 ? [0, 3] : [3, 0];
      const from = (at: number): number[] => line(key === 0 ? undefined : at);
      const step = (cycle: number, write: number, pins: Record<string, number | number[]>) => ({
        cycle,
        write,
        pins: { result, add_result: 0, carry: 1, ...pins },
      });
      return [
        step(0, 2, { add_result: 1, carry: 0, negate: 0b10, read: from(1) }),
        step(2, after, { negate: 0, second: line(2), read: from(total) }),
        step(4, 1, { negate: 0b10, second: line(after), read: from(total) }),
        step(6, 1, { negate: 0b10, second: line(1), read: line(2) }),
      ];
    });
    runFrames(rtl, frames);
    const sum = rowSum(decode(values), 0, count, 'bf16-compensated');
    expect(slot(rtl, count % 2 === 0 ? 0 : 3)).toBe(toBits(sum));
  }
});

describe('wide accumulators', () => {
  const word = new Uint32Array(1);
  const float = new Float32Array(word.buffer);
  const valueOf = (bits: number): number => {
    word[0] = bits;
    return float[0];
  };
  const bitsOf = (value: number): number => {
    float[0] = value;
    return Number.isNaN(value) ? 0x7fc00000 : word[0];
  };

  it('of FP32 add as FP32 does, at the edges of the format and on random pairs', () => {
    const rtl = simulate(floatAdder(23));
    rtl.poke('enable', 1);
    const next = random(34);
    const edges = [
      0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x3f800001, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x4b000001,
    ];
    const signed = edges.flatMap((x) => [x, (x | 0x80000000) >>> 0]);
    const pairs = signed.flatMap((x) => signed.map((y): [number, number] => [x, y]));
    for (let i = 0; i < 20_000; i++) {
      const x = Math.floor(next() * 2 ** 32);
      const near = (x ^ Math.floor(next() * 2 ** 26) ^ 0x80000000) >>> 0;
      pairs.push([x, i % 2 === 0 ? Math.floor(next() * 2 ** 32) : near]);
    }
    let wrong = 0;
    for (const [x, y] of pairs) {
      const [a, b] = [valueOf(x), valueOf(y)];
      rtl.poke('a', x);
      rtl.poke('b', y);
      rtl.step();
      if (Number(rtl.peek('sum')) !== bitsOf(Math.fround(a + b))) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('of 24 bits round to 16 significant ones, ties to even', () => {
    const rtl = simulate(floatAdder(15));
    rtl.poke('enable', 1);
    const next = random(35);
    for (let i = 0; i < 5000; i++) {
      const draw = () => Math.floor((next() - 0.5) * 2 ** 16) * 2 ** Math.floor(next() * 20);
      const [a, b] = [draw(), draw()];
      if (a + b === 0) continue;
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(a + b))) - 15);
      const parts = Math.abs(a + b) / unit;
      const whole = Math.floor(parts);
      const up = parts - whole > 0.5 || (parts - whole === 0.5 && whole % 2 === 1);
      const expected = Math.sign(a + b) * (whole + Number(up)) * unit;
      rtl.poke('a', bitsOf(a) >>> 8);
      rtl.poke('b', bitsOf(b) >>> 8);
      rtl.step();
      expect(valueOf((Number(rtl.peek('sum')) << 8) >>> 0)).toBe(expected);
    }
  });

  it('keep the sums of serial additions', () => {
    const next = random(36);
    const rtl = simulate(wideAccumulatorModule(23));
    const values = patterns(next, 60).map((bits) => (bits & 0x807f) | 0x3f00);
    const frames = [...values].map(
      (result, key): Frame => [
        { cycle: 0, write: 0, pins: { result, add_result: 1, read: line(key === 0 ? undefined : 0) } },
      ],
    );
    runFrames(rtl, frames);
    expect(valueOf(slot(rtl, 0))).toBe(rowSum(decode(values), 0, 60, 'fp32'));
  });
});
