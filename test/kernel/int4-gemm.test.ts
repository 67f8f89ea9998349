import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/number/bf16.ts';
import { gemm, type GemmArithmetic } from '../../src/vlp/gemm.ts';
import type { QuantizedMatrix } from '../../src/vlp/quantize.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

const MODES: GemmArithmetic[] = [];
for (const product of ['bf16', 'exact'] as const) {
  for (const accumulator of ['fp32', 'bf16'] as const) {
    for (const subnormals of ['keep', 'flush'] as const) MODES.push({ product, accumulator, subnormals });
  }
}

/** The same with chains that end inside, at and behind the end of a group, and inside and at the end of a block. */
const CHAINS: GemmArithmetic[] = [1, 7, 20, 64, 100].flatMap((chain) =>
  MODES.filter(({ subnormals }) => subnormals === 'keep').map((mode) => ({ ...mode, chain })),
);

/** Products by repeated addition, and vectors that the array adds by itself: whole, ragged, longer than a chain. */
const VECTORS: GemmArithmetic[] = (['keep', 'flush'] as const).flatMap((subnormals) => [
  { product: 'repeated', accumulator: 'bf16', subnormals },
  { product: 'repeated', accumulator: 'fp32', subnormals, chain: 20 },
  ...[1, 7, 16, 256].flatMap((lanes): GemmArithmetic[] => [
    { product: 'bf16', accumulator: 'bf16', subnormals, vector: { lanes, order: 'chain' } },
    { product: 'bf16', accumulator: 'bf16', subnormals, chain: 20, vector: { lanes, order: 'tree' } },
    {
      product: 'exact',
      accumulator: 'bf16',
      subnormals,
      vector: { lanes, order: 'integer', guardBits: lanes % 6 },
    },
  ]),
]);

type Draw = (next: () => number) => number;

/** BF16 patterns of ordinary activations. */
const ordinary: Draw = (next) => encode(Float32Array.of((next() - 0.5) * 2 ** Math.floor(next() * 9 - 4)))[0];
/** Any pattern: INF, NaN with payloads, subnormals and extremes among them. */
const anything: Draw = (next) => Math.floor(next() * 65536);
/** Around the smallest normal value, where sums fall into the subnormals. */
const tiny: Draw = (next) => (next() < 0.5 ? 0x8000 : 0) | Math.floor(next() * 0x180);
/** Around the largest, where products and sums overflow, also with the signs that would cancel. */
const huge: Draw = (next) => (next() < 0.5 ? 0x8000 : 0) | (0x7f80 - Math.floor(next() * 0x300));
/** Exponents far apart, where a sum beside a tie would be rounded twice. */
const spread: Draw = (next) =>
  (next() < 0.5 ? 0x8000 : 0) | ((100 + Math.floor(next() * 56)) << 7) | (Math.floor(next() * 4) << 5);

function operand(
  next: () => number,
  outputs: number,
  inner: number,
  axis: 'inner' | 'outer',
  groupSize: number,
  scale: Draw,
): QuantizedMatrix {
  const values = Int8Array.from({ length: outputs * inner }, () => Math.floor(next() * 15) - 7);
  const count =
    axis === 'inner' ? outputs * Math.ceil(inner / groupSize) : Math.ceil(outputs / groupSize) * inner;
  const scales = Uint16Array.from({ length: count }, () => scale(next));
  return { outputs, inner, values, scales, axis, groupSize, clipped: 0 };
}

const kernels = await builds(
  { backend: 'scalar' },
  { backend: 'plain' },
  { backend: 'relaxed' },
  { backend: 'plain', threads: 2 },
  { backend: 'relaxed', threads: 3 },
);

function compare(x: Uint16Array, rows: number, matrix: QuantizedMatrix, modes = MODES): void {
  const packed = kernels.map((each) => each.packInt4(matrix));
  for (const mode of modes) {
    const expected = bitsOf(gemm(x, rows, matrix, mode));
    kernels.forEach((each, i) => {
      const got = bitsOf(each.gemmInt4(x, rows, packed[i], mode));
      expect(got, `${each.backend}, ${each.threads} threads, ${JSON.stringify(mode)}`).toEqual(expected);
    });
  }
  for (const each of packed) each.dispose();
}

const draw = (next: () => number, count: number, from: Draw): Uint16Array =>
  Uint16Array.from({ length: count }, () => from(next));

describe('BF16 × INT4 GEMM', () => {
  it('equals the definition in every bit for all arithmetics, tiles and tails', () => {
    const next = random(11);
    for (let rows = 1; rows <= 29; rows++) {
      for (const [outputs, inner, axis, groupSize] of [
        [1, 1, 'inner', 1],
        [33, 65, 'inner', 65],
        [40, 130, 'inner', 64],
        [70, 96, 'inner', 32],
        [1, 1, 'outer', 1],
        [45, 70, 'outer', 20],
        [64, 33, 'outer', 64],
      ] as const) {
        compare(
          draw(next, rows * inner, ordinary),
          rows,
          operand(next, outputs, inner, axis, groupSize, ordinary),
        );
      }
    }
  });

  it('equals it where rows go through by parts', () => {
    const next = random(19);
    for (const [rows, inner, axis] of [
      [131, 300, 'inner'],
      [67, 520, 'outer'],
    ] as const) {
      const matrix = operand(next, 40, inner, axis, 100, ordinary);
      compare(draw(next, rows * inner, ordinary), rows, matrix, MODES.slice(0, 3));
    }
  });

  it('equals it where chains are cut', () => {
    const next = random(16);
    for (const [rows, outputs, inner, axis, groupSize] of [
      [1, 40, 130, 'inner', 64],
      [9, 33, 150, 'inner', 150],
      [5, 70, 130, 'outer', 33],
      [14, 40, 90, 'outer', 33],
      [1, 32, 200, 'outer', 32],
    ] as const) {
      const matrix = operand(next, outputs, inner, axis, groupSize, ordinary);
      compare(draw(next, rows * inner, ordinary), rows, matrix, CHAINS);
      compare(draw(next, rows * inner, anything), rows, matrix, CHAINS.slice(0, 8));
    }
  });

  it('equals it for vectors and repeated additions', () => {
    const next = random(18);
    for (const [rows, outputs, inner, axis, groupSize] of [
      [1, 40, 70, 'inner', 64],
      [3, 33, 45, 'outer', 33],
      [17, 40, 70, 'inner', 64],
    ] as const) {
      const matrix = operand(next, outputs, inner, axis, groupSize, ordinary);
      for (const activations of [ordinary, anything, tiny, huge, spread])
        compare(draw(next, rows * inner, activations), rows, matrix, VECTORS);
    }
  });

  it.each<[string, (x: number) => number]>([
    // 2¹⁶·x is exact, and so is the sum in double precision: fused and unfused operations round the same.
    ['two operations', (x) => Math.fround(x * 65536 + Math.fround(x * -65535))],
    [
      'splitting',
      (x) => {
        const t = Math.fround(x * -65535);
        return Math.fround(Math.fround(x - t) + t);
      },
    ],
  ])('rounds to BF16 by %s as by integers, for every significand', (_, round) => {
    const word = new Uint32Array(1);
    const value = new Float32Array(word.buffer);
    let different = 0;
    for (let significand = 0x3f800000; significand < 0x40000000; significand++) {
      word[0] = significand;
      value[0] = round(value[0]);
      const nearest = (significand + 0x7fff + ((significand >>> 16) & 1)) & 0xffff0000;
      if (word[0] !== nearest) different++;
    }
    expect(different).toBe(0);
  });

  it('equals it at the ends of the range in which it rounds by splitting', () => {
    const next = random(17);
    for (const exponent of [36, 37, 38, 196, 197, 198]) {
      const edge: Draw = () => (next() < 0.5 ? 0x8000 : 0) | (exponent << 7) | Math.floor(next() * 128);
      const zeros: Draw = () => (next() < 0.3 ? 0 : edge(next));
      for (const axis of ['inner', 'outer'] as const) {
        const matrix = operand(next, 37, 90, axis, 30, () => 0x3f80);
        for (const rows of [1, 4, 9]) compare(draw(next, rows * 90, zeros), rows, matrix);
      }
    }
  });

  it('equals it for subnormal, huge, widely spread and arbitrary patterns', () => {
    const next = random(12);
    for (const activations of [tiny, huge, spread, anything]) {
      for (const scales of [ordinary, tiny, huge, anything]) {
        for (const axis of ['inner', 'outer'] as const) {
          const matrix = operand(next, 37, 24, axis, 8, scales);
          compare(draw(next, 13 * 24, activations), 13, matrix);
        }
      }
    }
  });

  it('equals it where exact products and tiny sums would be rounded twice', () => {
    const next = random(13);
    for (let i = 0; i < 20; i++) {
      compare(draw(next, 4 * 6, spread), 4, operand(next, 64, 6, 'inner', 6, ordinary));
    }
  });

  it('equals it for any shape and any patterns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom('inner', 'outer'),
        fc.integer(),
        (rows, outputs, inner, groupSize, axis, seed) => {
          const next = random(seed);
          const matrix = operand(next, outputs, inner, axis, groupSize, anything);
          compare(draw(next, rows * inner, next() < 0.5 ? anything : ordinary), rows, matrix);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('equals it where a sum leaves the range of splitting in one block of a chain and is back in the next', () => {
    const next = random(18);
    for (const early of [tiny, huge, anything]) {
      for (const axis of ['inner', 'outer'] as const) {
        const matrix = operand(next, 33, 200, axis, axis === 'inner' ? 200 : 33, () => 0x3f80);
        for (const rows of [5, 9]) {
          const x = Uint16Array.from({ length: rows * 200 }, (_, i) =>
            (i % 200 < 64 ? early : ordinary)(next),
          );
          compare(x, rows, matrix);
        }
      }
    }
  });

  it('equals it for products large enough for all threads', () => {
    const next = random(14);
    const [fp32, bf16] = [MODES[0], MODES[2]];
    const weights = operand(next, 515, 384, 'inner', 128, ordinary);
    compare(draw(next, 8 * 384, ordinary), 8, weights, [fp32, bf16]);
    const cache = operand(next, 1111, 128, 'outer', 128, ordinary);
    compare(draw(next, 8 * 128, ordinary), 8, cache, [fp32, bf16]);
  });

  it('refuses what does not fit, with a typed error', () => {
    const next = random(15);
    const matrix = operand(next, 3, 4, 'inner', 2, ordinary);
    for (const each of kernels) {
      const code = 'invalid-value';
      const packed = each.packInt4(matrix);
      const attempt = (run: () => unknown) =>
        expect(run).toThrow(expect.objectContaining({ details: expect.objectContaining({ code }) }));
      attempt(() => each.gemmInt4(new Uint16Array(7), 2, packed));
      attempt(() => each.gemmInt4(new Uint16Array(0), 0, packed));
      attempt(() => each.gemm(new Float32Array(4), 1, packed));
      attempt(() => each.packInt4({ ...matrix, values: new Int8Array(11) }));
      attempt(() => each.packInt4({ ...matrix, scales: new Uint16Array(5) }));
      attempt(() => each.packInt4({ ...matrix, values: new Int8Array(12).fill(-8) }));
      attempt(() => each.packInt4({ ...matrix, groupSize: 0 }));
      packed.dispose();
      attempt(() => each.gemmInt4(new Uint16Array(8), 2, packed));
      const again = each.packInt4(matrix);
      const wrong = { ...MODES[0], accumulator: 'fp16' } as unknown as GemmArithmetic;
      expect(() => each.gemmInt4(new Uint16Array(8), 2, again, wrong)).toThrow(/unknown accumulator "fp16"/);
      again.dispose();
    }
  });
});
