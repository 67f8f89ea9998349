import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, fromBits, toBits } from '../../src/number/bf16.ts';
import { addToBf16, FP32_ACCUMULATION, gemm, NODE_ARITHMETIC } from '../../src/vlp/gemm.ts';
import { dequantize, quantizeKeys, quantizeValues, quantizeWeights } from '../../src/vlp/quantize.ts';

/** One output of weights −7 … 7 with scale 1. */
function one(values: number[]) {
  const inner = values.length;
  const scales = Uint16Array.of(toBits(1));
  return {
    outputs: 1,
    inner,
    values: Int8Array.from(values),
    scales,
    axis: 'inner',
    groupSize: inner,
    clipped: 0,
  } as const;
}

const dot = (x: number[], w: number[], arithmetic = NODE_ARITHMETIC): number =>
  gemm(encode(Float32Array.from(x)), 1, one(w), arithmetic)[0];

/** A double as a whole multiple of 2^-200, exact. */
function whole(value: number): bigint {
  let scaled = value;
  let shift = 200n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift -= 1n;
  }
  return BigInt(scaled) << shift;
}

describe('VLP GEMM', () => {
  it('rounds t·a once to BF16, ties to even, or keeps it exact', () => {
    // 3 · 1.0078125 = 3.0234375 has nine bits; its neighbours are 3.015625 and 3.03125.
    expect(dot([1.0078125], [3])).toBe(3.03125);
    expect(dot([1.0078125], [3], { ...FP32_ACCUMULATION, product: 'exact' })).toBe(3.0234375);
  });

  it('refuses operands and results that do not fit', () => {
    const w = one([1, 2]);
    const x = new Uint16Array(4);
    expect(() => gemm(x, 3, w)).toThrow(/activations do not fit/);
    expect(() => gemm(x, 2, w, NODE_ARITHMETIC, new Float32Array(1))).toThrow(/results do not fit/);
    for (const rows of [0, -1, 1.5]) expect(() => gemm(x, rows, w)).toThrow(/rows must be a whole number/);
  });

  it('stalls in BF16 sums where FP32 sums go on', () => {
    const ones = Array.from({ length: 512 }, () => 1);
    expect(dot(ones, ones)).toBe(256);
    expect(dot(ones, ones, FP32_ACCUMULATION)).toBe(512);
  });

  it('follows IEEE rules for zero, INF, NaN and subnormals', () => {
    const infinity = Infinity;
    expect(dot([infinity], [-3])).toBe(-infinity);
    expect(dot([infinity], [0])).toBeNaN();
    expect(dot([infinity, infinity], [1, -1])).toBeNaN();
    expect(dot([Number.NaN], [0])).toBeNaN();
    expect(Object.is(dot([-1], [0]), 0)).toBe(true);
    expect(dot([2 ** 127], [7])).toBe(infinity);
    expect(dot([2 ** -133], [5])).toBe(5 * 2 ** -133);
    expect(dot([2 ** -133], [5], { ...NODE_ARITHMETIC, subnormals: 'flush' })).toBe(0);
    const nan = gemm(Uint16Array.of(0xffff), 1, one([1]));
    expect(new Uint32Array(nan.buffer)[0]).toBe(0x7fc00000);
  });

  it('adds an exact product to a BF16 sum with one rounding', () => {
    const bf16 = fc.integer({ min: 0x3000, max: 0x4fff }).map(fromBits);
    fc.assert(
      fc.property(bf16, bf16, fc.integer({ min: -7, max: 7 }), (a, x, t) => {
        const b = x * t;
        const exact = whole(a) + whole(b);
        const distance = (bits: number): bigint => {
          const d = whole(fromBits(bits)) - exact;
          return d < 0n ? -d : d;
        };
        const got = toBits(addToBf16(a, b));
        for (const neighbour of [got - 1, got + 1]) {
          if ((neighbour & 0x7fff) === 0x7fff || (neighbour & 0x7fff) === 0) continue;
          const closer = distance(got) < distance(neighbour);
          expect(closer || (distance(got) === distance(neighbour) && got % 2 === 0)).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
    // A tie of eight bits and something far below it.
    expect(addToBf16(2 ** -60, 257)).toBe(258);
    expect(addToBf16(-(2 ** -60), 257)).toBe(256);
  });

  it('is near the product with dequantised weights, keys and values', () => {
    const [rows, outputs, inner] = [8, 24, 32];
    const wave = (n: number, f: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * f));
    const x = encode(wave(rows * inner, 0.7));
    const dense = wave(outputs * inner, 0.31);
    for (const q of [
      quantizeWeights(dense, outputs, inner, 16),
      quantizeKeys(dense, outputs, inner),
      quantizeValues(dense, inner, outputs),
    ]) {
      const w = dequantize(q);
      const y = gemm(x, rows, q, FP32_ACCUMULATION);
      for (let r = 0; r < rows; r++) {
        for (let o = 0; o < outputs; o++) {
          let exact = 0;
          let size = 0;
          for (let k = 0; k < inner; k++) {
            const term = fromBits(x[r * inner + k]) * w[o * inner + k];
            exact += term;
            size += Math.abs(term);
          }
          // Scaled activation and product are each rounded to BF16.
          expect(Math.abs(y[r * outputs + o] - exact)).toBeLessThanOrEqual(size * 2 ** -7.9 + 1e-30);
        }
      }
    }
  });

  it('does not change when rows or outputs are permuted or left out', () => {
    const x = encode(Float32Array.from({ length: 3 * 16 }, (_, i) => Math.cos(i * i)));
    const dense = Float32Array.from({ length: 5 * 16 }, (_, i) => Math.sin(3 * i * i));
    const y = gemm(x, 3, quantizeWeights(dense, 5, 16, 8));
    for (let r = 0; r < 3; r++) {
      for (let o = 0; o < 5; o++) {
        const w = quantizeWeights(dense.slice(o * 16, (o + 1) * 16), 1, 16, 8);
        expect(gemm(x.slice(r * 16, (r + 1) * 16), 1, w)[0]).toBe(y[r * 5 + o]);
      }
    }
  });
});
