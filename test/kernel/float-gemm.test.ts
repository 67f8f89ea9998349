import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { loadKernels } from '../../src/kernel/node.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

/** FP32 from any bits: normal, subnormal, ±0, ±INF and NaN with any payload. */
function anyFloats(count: number, next: () => number): Float32Array {
  const words = Uint32Array.from({ length: count }, () => (next() * 2 ** 32) >>> 0);
  return new Float32Array(words.buffer);
}

function ordinaryFloats(count: number, next: () => number): Float32Array {
  return Float32Array.from({ length: count }, () => (next() - 0.5) * 2 ** Math.floor(next() * 8 - 4));
}

const [scalar] = await builds({ backend: 'scalar' });
const others = await builds(
  { backend: 'plain' },
  { backend: 'relaxed', threads: 1 },
  { backend: 'plain', threads: 2 },
  { backend: 'relaxed', threads: 3 },
);

function compare(rows: number, outputs: number, inner: number, x: Float32Array, w: Float32Array): void {
  const words = new Uint16Array(w.length);
  const bits = bitsOf(w);
  for (let i = 0; i < w.length; i++) words[i] = bits[i] >>> 16;
  const expected = scalar.gemm(x, rows, scalar.packF32(w, outputs, inner));
  const expectedBf16 = scalar.gemm(x, rows, scalar.packBf16(words, outputs, inner));
  for (const kernels of others) {
    const f32 = kernels.packF32(w, outputs, inner);
    const bf16 = kernels.packBf16(words, outputs, inner);
    expect(bitsOf(kernels.gemm(x, rows, f32))).toEqual(bitsOf(expected));
    expect(bitsOf(kernels.gemm(x, rows, bf16))).toEqual(bitsOf(expectedBf16));
    f32.dispose();
    bf16.dispose();
  }
}

describe('FP32 GEMM', () => {
  it('equals the scalar definition in every bit, whatever tile, build and number of threads', () => {
    const next = random(1);
    for (let rows = 1; rows <= 13; rows++) {
      for (const [outputs, inner] of [
        [1, 1],
        [31, 7],
        [33, 128],
        [64, 129],
        [95, 300],
      ] as const) {
        compare(
          rows,
          outputs,
          inner,
          ordinaryFloats(rows * inner, next),
          ordinaryFloats(outputs * inner, next),
        );
      }
    }
  });

  it('equals it for a product large enough for all threads', () => {
    const next = random(2);
    compare(17, 515, 200, ordinaryFloats(17 * 200, next), ordinaryFloats(515 * 200, next));
  });

  it('equals it for any bit patterns', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        (rows, outputs, inner, seed) => {
          const next = random(seed);
          compare(rows, outputs, inner, anyFloats(rows * inner, next), anyFloats(outputs * inner, next));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes into a result that is given, and reads views at any offset', () => {
    for (const kernels of [scalar, ...others]) {
      const weights = kernels.packF32(Float32Array.of(0, 1, 2, 3, 4).subarray(1), 2, 2);
      const y = new Float32Array(5).subarray(1, 3);
      expect(kernels.gemm(Float32Array.of(9, 1, 1).subarray(1), 1, weights, y)).toBe(y);
      expect([...y]).toEqual([3, 7]);
      weights.dispose();
    }
  });
});

describe('kernel errors', () => {
  it('are typed and give the sizes', () => {
    for (const kernels of [scalar, others[0]]) {
      const weights = kernels.packF32(new Float32Array(6), 2, 3);
      expect(() => kernels.gemm(new Float32Array(5), 2, weights)).toThrow(MugiError);
      expect(() => kernels.gemm(new Float32Array(6), 2, weights, new Float32Array(3))).toThrow(/results/);
      expect(() => kernels.gemm(new Float32Array(0), 0, weights)).toThrow(/rows/);
      expect(() => kernels.packF32(new Float32Array(0), 0, 3)).toThrow(/outputs/);
      expect(() => kernels.packF32(new Float32Array(5), 2, 3)).toThrow(/weights do not fit/);
      weights.dispose();
      expect(() => kernels.gemm(new Float32Array(6), 2, weights)).toThrow(/cannot be used/);
    }
    const foreign = scalar.packF32(new Float32Array(1), 1, 1);
    expect(() => others[0].gemm(new Float32Array(1), 1, foreign)).toThrow(/cannot be used/);
  });

  it('name the nearest build', async () => {
    process.env.MUGI_KERNELS = 'relaxd';
    try {
      await expect(loadKernels()).rejects.toMatchObject({ details: { nearest: 'relaxed' } });
      process.env.MUGI_KERNELS = 'scalar';
      expect((await loadKernels()).backend).toBe('scalar');
    } finally {
      delete process.env.MUGI_KERNELS;
    }
  });
});
