import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VECTOR_DEFINITION, type VectorKernels } from '../../src/kernel/vector.ts';
import { EXACT_ACTIVATIONS, type ExactActivation } from '../../src/vlp/exact-activations.ts';
import { functionNamed } from '../../src/vlp/function.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

const compiled = await builds(
  { backend: 'plain' },
  { backend: 'relaxed' },
  { backend: 'relaxed', threads: 2 },
);

const SPECIAL = [
  0,
  -0,
  Infinity,
  -Infinity,
  3.4e38,
  -3.4e38,
  1e-45,
  -1e-45,
  88.8,
  -103.97,
  -708,
  -709,
  2 ** -126,
];

/** Numbers of ordinary size, and special ones among them where asked. */
function floats(count: number, next: () => number, special = 0): Float32Array {
  return Float32Array.from({ length: count }, () =>
    next() < special ? SPECIAL[Math.floor(next() * SPECIAL.length)] : (next() - 0.5) * 2 ** (next() * 10 - 4),
  );
}

/** Bits, all NaN alike: arithmetic may choose their payload. */
function bits(values: Float32Array): Uint32Array {
  return bitsOf(values).map((word, i) => (Number.isNaN(values[i]) ? 0x7fc00000 : word));
}

const NAMES = Object.keys(EXACT_ACTIVATIONS) as ExactActivation[];

/** Runs an operation by definition and by all builds on copies of x, which must become the same to the bit. */
function same(x: Float32Array, run: (vector: VectorKernels, x: Float32Array) => void): Float32Array {
  const expected = x.slice();
  run(VECTOR_DEFINITION, expected);
  for (const { vector } of compiled) {
    const got = x.slice();
    run(vector, got);
    expect(bits(got)).toEqual(bits(expected));
  }
  return expected;
}

/** Sizes around blocks, cache parts and what is left to the definition. */
const COUNTS = [1, 3, 1023, 1025, 1026, 1027, 4096, 32769, 70001];

describe('vector kernels equal their definition in every bit, whatever build and number of threads', () => {
  it.each(NAMES)('%s', (name) => {
    const next = random(1);
    for (const count of COUNTS) same(floats(count, next, 0.05), (vector, x) => vector.activation(name, x));
    const all = Float32Array.from([...SPECIAL, Number.NaN]);
    same(all, (vector, x) => vector.activation(name, x));
  });

  it.each(NAMES)('%s is the function of its name, to the last bit of FP32', (name) => {
    const x = floats(20_000, random(9), 0.01);
    const y = x.slice();
    VECTOR_DEFINITION.activation(name, y);
    const { exact } = functionNamed(name);
    for (const [i, value] of x.entries()) expect(Math.abs(y[i])).toBe(Math.abs(Math.fround(exact(value))));
  });

  it('softmax, with rows of every length, of nothing, of −∞ alone, with ∞ and with NaN', () => {
    const next = random(2);
    for (const [rows, columns] of [
      [1, 1],
      [7, 5],
      [33, 257],
      [300, 130],
      [3, 40000],
    ]) {
      const x = floats(rows * columns, next);
      if (rows > 6) {
        x.fill(-Infinity, columns, 2 * columns);
        x[2 * columns] = Infinity;
        x[3 * columns] = Number.NaN;
      }
      const lengths = Int32Array.from({ length: rows }, (_, r) =>
        r === 4 ? 0 : 1 + Math.floor(next() * columns),
      );
      lengths[0] = columns;
      const y = same(x, (vector, values) => vector.softmax(values, rows, columns, lengths));
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += y[i];
      expect(sum).toBeCloseTo(1, 5);
      if (rows <= 6) continue;
      expect([...y.subarray(columns, 2 * columns)].every((p) => p === 0)).toBe(true);
      expect(y[2 * columns]).toBeNaN();
      expect(y[3 * columns]).toBeNaN();
    }
  });

  it('norms, with and without a bias, of every width', () => {
    const next = random(3);
    for (let width = 1; width <= 18; width++) checkNorm(width, 60, next);
    for (const width of [127, 256, 4099]) checkNorm(width, 9, next);
  });

  it('rotations of neighbours and of halves, with elements that stay', () => {
    const next = random(4);
    for (const [heads, width, pairs, rows] of [
      [1, 2, 1, 600],
      [3, 6, 3, 90],
      [2, 14, 7, 50],
      [5, 64, 32, 40],
      [4, 80, 18, 150],
      [2, 5, 2, 120],
    ]) {
      const angles = Float64Array.from({ length: rows * pairs }, () => next() * 100);
      const turn = {
        cos: Float32Array.from(angles, Math.cos),
        sin: Float32Array.from(angles, Math.sin),
        pairs,
      };
      const x = floats(rows * heads * width, next, 0.01);
      for (const neighbours of [false, true])
        same(x, (vector, values) => vector.rotate(values, heads, width, turn, neighbours));
    }
  });

  it('sums, products and roundings', () => {
    const next = random(5);
    for (const count of COUNTS) {
      const [x, y] = [floats(count, next, 0.05), floats(count, next, 0.05)];
      for (const bf16 of [false, true]) {
        same(x, (vector, values) => vector.add(values, y, bf16));
        same(x, (vector, values) => vector.multiply(values, y, bf16));
        same(x, (vector, values) => vector.multiply(values, 1 / Math.sqrt(40), bf16));
      }
      same(x, (vector, values) => vector.round(values));
    }
  });

  it('any patterns', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 40 }), (words) => {
        // More than is left to the definition.
        const x = new Float32Array(
          Uint32Array.from({ length: 1100 }, (_, i) => words[i % words.length]).buffer,
        );
        for (const name of NAMES) same(x, (vector, values) => vector.activation(name, values));
        same(x, (vector, values) => vector.multiply(values, x, true));
        same(x, (vector, values) => vector.softmax(values, 11, 100, new Int32Array(11).fill(99)));
      }),
      { numRuns: 100 },
    );
  });
});

function checkNorm(width: number, rows: number, next: () => number): void {
  // More elements than are left to the definition.
  const x = floats(width * Math.max(rows, Math.ceil(1100 / width)), next);
  const [weight, bias] = [floats(width, next), floats(width, next)];
  same(x, (vector, values) => vector.normalise(values, { weight }, 1e-5));
  same(x, (vector, values) => vector.normalise(values, { weight, bias }, 1e-12));
}

describe('scores', () => {
  it('are scaled and rounded behind a product as behind its result', () => {
    const next = random(6);
    for (const [rows, outputs, inner] of [
      [1, 32, 32],
      [7, 45, 20],
      [40, 100, 64],
    ]) {
      const x = floats(rows * inner, next);
      const w = floats(outputs * inner, next);
      for (const kernels of compiled) {
        const weights = kernels.packF32(w, outputs, inner);
        const int4 = kernels.quantizeInt4(w, outputs, inner, 16);
        for (const bf16 of [false, true]) {
          const after = { factor: 1 / Math.sqrt(inner), bf16 };
          for (const product of [
            (part: object) => kernels.gemm(x, rows, weights, undefined, part),
            (part: object) => kernels.gemmInt4(x, rows, int4, undefined, undefined, part),
          ]) {
            const expected = product({});
            VECTOR_DEFINITION.multiply(expected, after.factor, bf16);
            expect(bits(product({ after }))).toEqual(bits(expected));
          }
        }
        weights.dispose();
        int4.dispose();
      }
    }
  });
});
