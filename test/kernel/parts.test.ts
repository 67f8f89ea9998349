import { describe, expect, it } from 'vitest';
import type { Part } from '../../src/kernel/kernels.ts';
import { encode } from '../../src/number/bf16.ts';
import { FP32_ACCUMULATION, NODE_ARITHMETIC } from '../../src/vlp/gemm.ts';
import { quantize, quantizeKeys, quantizeValues } from '../../src/vlp/quantize.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

const all = await builds({ backend: 'scalar' }, { backend: 'plain' }, { backend: 'relaxed', threads: 2 });

const EXACT_FP32 = { ...FP32_ACCUMULATION, product: 'exact' } as const;
const OUTPUTS = 75;
const INNER = 70;
const PARTS: Part[] = [
  {},
  { to: 40 },
  { from: 32 },
  { from: 32, to: 64 },
  { inner: 33 },
  { from: 64, inner: 64 },
];
const next = random(5);
const drawn = (length: number) => Float32Array.from({ length }, () => next() - 0.5);

/** What a part of a product must be: columns of the product with the first inner indices only. */
function columns(whole: Float32Array, rows: number, { from = 0, to = OUTPUTS }: Part): Float32Array {
  return whole.filter((_, at) => at % OUTPUTS >= from && at % OUTPUTS < to && at < rows * OUTPUTS);
}

/** Rows of x [rows][INNER] cut to `inner` and laid `stride` apart, with NaN between that must not be read. */
function spread(x: Float32Array, rows: number, inner: number, stride: number): Float32Array {
  const out = new Float32Array(rows * stride).fill(Number.NaN);
  for (let r = 0; r < rows; r++) out.set(x.subarray(r * INNER, r * INNER + inner), r * stride);
  return out;
}

describe.each([1, 7, 250])('a part of a product of %i rows', (rows) => {
  it.each(PARTS)('is those columns of the FP32 product: %o', (part) => {
    const w = drawn(OUTPUTS * INNER);
    const x = drawn(rows * INNER);
    const inner = part.inner ?? INNER;
    const width = (part.to ?? OUTPUTS) - (part.from ?? 0);
    for (const kernels of all) {
      const short = kernels.packF32(w, OUTPUTS, inner, { output: INNER, inner: 1 });
      const expected = columns(kernels.gemm(spread(x, rows, inner, inner), rows, short), rows, part);
      const packed = kernels.packF32(w, OUTPUTS, INNER);
      const y = new Float32Array(rows * 90).fill(9);
      kernels.gemm(spread(x, rows, inner, 80), rows, packed, y, { ...part, xStride: 80, yStride: 90 });
      for (let r = 0; r < rows; r++) {
        const row = expected.subarray(r * width, (r + 1) * width);
        expect(bitsOf(y.slice(r * 90, r * 90 + width))).toEqual(bitsOf(row.slice()));
        expect(y.subarray(r * 90 + width, (r + 1) * 90).every((v) => v === 9)).toBe(true);
      }
    }
  });

  it.each(['inner', 'outer'] as const)('is the same in every build for INT4, scales along %s', (axis) => {
    const matrix = quantize(drawn(OUTPUTS * INNER), OUTPUTS, INNER, { axis, groupSize: 32, tail: 'short' });
    const x = encode(drawn(rows * INNER));
    for (const arithmetic of [NODE_ARITHMETIC, EXACT_FP32]) {
      for (const part of PARTS) {
        const inner = part.inner ?? INNER;
        const cut = x.filter((_, at) => at % INNER < inner);
        const [expected, ...others] = all.map((kernels) =>
          bitsOf(kernels.gemmInt4(cut, rows, kernels.packInt4(matrix), arithmetic, undefined, part)),
        );
        for (const other of others) expect(other).toEqual(expected);
        if (part.inner === undefined) {
          const whole = all[0].gemmInt4(x, rows, all[0].packInt4(matrix), arithmetic);
          expect(expected).toEqual(bitsOf(columns(whole, rows, part)));
        }
      }
    }
  });
});

it('activations in FP32 are rounded to BF16 first, specials included', () => {
  const special = [Number.NaN, Infinity, -Infinity, 3.4e38, -0, 1e-40, 2 ** -133, 1.00390625];
  const inner = 45;
  for (const axis of ['inner', 'outer'] as const) {
    const matrix = quantize(drawn(40 * inner), 40, inner, { axis, groupSize: 40, tail: 'short' });
    for (const arithmetic of [NODE_ARITHMETIC, EXACT_FP32, { ...EXACT_FP32, subnormals: 'flush' } as const]) {
      for (const rows of [1, 6]) {
        for (const given of [undefined, ...special]) {
          const x = drawn(rows * inner);
          if (given !== undefined) x[rows * inner - 3] = given;
          for (const kernels of all) {
            const packed = kernels.packInt4(matrix);
            const expected = kernels.gemmInt4(encode(x), rows, packed, arithmetic);
            expect(bitsOf(kernels.gemmInt4(x, rows, packed, arithmetic))).toEqual(bitsOf(expected));
          }
        }
      }
    }
  }
});

describe('weights that come bit by bit', () => {
  it('are in FP32 what they are when packed at once, also transposed', () => {
    const w = drawn(OUTPUTS * INNER);
    const x = drawn(3 * INNER);
    for (const kernels of all) {
      const grown = kernels.reserveF32(OUTPUTS, INNER);
      for (const [from, to] of [
        [0, 1],
        [1, 40],
        [40, OUTPUTS],
      ] as const) {
        const shape = { output: to - from, inner: INNER };
        kernels.writeF32(grown, { output: from, inner: 0 }, shape, w.subarray(from * INNER));
      }
      const expected = bitsOf(kernels.gemm(x, 3, kernels.packF32(w, OUTPUTS, INNER)));
      expect(bitsOf(kernels.gemm(x, 3, grown))).toEqual(expected);
      const turned = kernels.reserveF32(INNER, OUTPUTS);
      for (let o = 0; o < OUTPUTS; o++) {
        const row = w.subarray(o * INNER, (o + 1) * INNER);
        kernels.writeF32(turned, { output: 0, inner: o }, { output: INNER, inner: 1 }, row);
      }
      const transposed = kernels.packF32(w, INNER, OUTPUTS, { output: 1, inner: INNER });
      const z = drawn(2 * OUTPUTS);
      expect(bitsOf(kernels.gemm(z, 2, turned))).toEqual(bitsOf(kernels.gemm(z, 2, transposed)));
    }
  });

  it('are in INT4 what they are when packed at once: groups of keys, columns of values', () => {
    const keys = quantizeKeys(drawn(64 * 40), 64, 40);
    const values = drawn(9 * 40);
    const whole = quantizeValues(values, 9, 40);
    const [x, p] = [encode(drawn(2 * 40)), encode(drawn(2 * 9))];
    for (const kernels of all) {
      const grownKeys = kernels.reserveInt4(64, 40, 40, 'inner');
      for (const group of [1, 0]) {
        kernels.writeInt4(
          grownKeys,
          { output: group * 32, inner: 0 },
          {
            ...keys,
            outputs: 32,
            values: keys.values.slice(group * 32 * 40, (group + 1) * 32 * 40),
            scales: keys.scales.slice(group * 32, (group + 1) * 32),
          },
        );
      }
      const expected = kernels.gemmInt4(x, 2, kernels.packInt4(keys));
      expect(bitsOf(kernels.gemmInt4(x, 2, grownKeys))).toEqual(bitsOf(expected));
      const grown = kernels.reserveInt4(40, 9, 40, 'outer');
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 9],
      ] as const) {
        const block = quantizeValues(values.slice(from * 40, to * 40), to - from, 40);
        kernels.writeInt4(grown, { output: 0, inner: from }, block);
      }
      const mixed = kernels.gemmInt4(p, 2, kernels.packInt4(whole));
      expect(bitsOf(kernels.gemmInt4(p, 2, grown))).toEqual(bitsOf(mixed));
    }
  });

  it('are refused outside the matrix or with other groups', () => {
    const block = quantize(drawn(32 * 8), 32, 8, { axis: 'outer', groupSize: 32 });
    for (const kernels of all) {
      const matrix = kernels.reserveInt4(64, 8, 32, 'outer');
      expect(() => kernels.writeInt4(matrix, { output: 48, inner: 0 }, block)).toThrow(/output must be/);
      expect(() => kernels.writeInt4(matrix, { output: 16, inner: 0 }, block)).toThrow(
        /groups of its matrix/,
      );
      const floats = kernels.reserveF32(4, 4);
      const [at, shape] = [
        { output: 0, inner: 1 },
        { output: 1, inner: 4 },
      ];
      expect(() => kernels.writeF32(floats, at, shape, new Float32Array(4))).toThrow(/inner index must be/);
      expect(() => kernels.writeF32(matrix, at, shape, new Float32Array(4))).toThrow(/cannot be used/);
    }
  });
});

it('refuses parts that begin inside a panel, lie outside, or do not fit their arrays', () => {
  for (const kernels of all.slice(1)) {
    const packed = kernels.packF32(new Float32Array(64 * 8), 64, 8);
    const x = new Float32Array(16);
    expect(() => kernels.gemm(x, 2, packed, undefined, { from: 16 })).toThrow(/inside a panel/);
    expect(() => kernels.gemm(x, 2, packed, undefined, { to: 65 })).toThrow(/to must be/);
    expect(() => kernels.gemm(x, 2, packed, undefined, { inner: 9 })).toThrow(/inner must be/);
    expect(() => kernels.gemm(x, 2, packed, undefined, { xStride: 9 })).toThrow(/do not fit their stride/);
    expect(() => kernels.gemm(x, 2, packed, undefined, { inner: 4, xStride: 3 })).toThrow(/stride/);
    expect(() => kernels.packF32(x, 4, 5, { output: 1, inner: 4 })).toThrow(/do not fit their strides/);
  }
});
