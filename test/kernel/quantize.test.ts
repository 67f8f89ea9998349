import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/number/bf16.ts';
import { FP32_ACCUMULATION } from '../../src/vlp/gemm.ts';
import { quantize } from '../../src/vlp/quantize.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

const all = await builds({ backend: 'scalar' }, { backend: 'plain' }, { backend: 'relaxed' });

/** Every value times its scale, read by multiplying with the unit matrix; −0 and +0 are told apart. */
function expectSame(weights: Float32Array, outputs: number, inner: number, groupSize: number): void {
  const quantised = quantize(weights, outputs, inner, { axis: 'inner', groupSize, tail: 'short' });
  const unit = new Float32Array(inner * inner);
  for (let i = 0; i < inner; i++) unit[i * (inner + 1)] = 1;
  const x = encode(unit);
  const arithmetic = { ...FP32_ACCUMULATION, product: 'exact' } as const;
  for (const kernels of all) {
    const given = kernels.packInt4(quantised);
    const made = kernels.quantizeInt4(weights, outputs, inner, groupSize);
    const expected = bitsOf(kernels.gemmInt4(x, inner, given, arithmetic));
    expect(bitsOf(kernels.gemmInt4(x, inner, made, arithmetic))).toEqual(expected);
    expect(made.bytes).toBe(given.bytes);
    given.dispose();
    made.dispose();
  }
}

describe('quantising on the kernels', () => {
  it('equals quantize for any shape, group and magnitude', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -140, max: 120 }),
        fc.integer(),
        (outputs, inner, groupSize, exponent, seed) => {
          const next = random(seed);
          const weights = Float32Array.from(
            { length: outputs * inner },
            () => (next() - 0.5) * 2 ** (exponent + next() * 4),
          );
          expectSame(weights, outputs, inner, groupSize);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('equals it beside and on every tie, and for groups of zeros', () => {
    // The largest of each group is 7, so that the scale is 1 and the rest ties at halves.
    const near = [0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5].flatMap((tie) => [
      tie * (1 - 2 ** -23),
      tie,
      tie * (1 + 2 ** -23),
    ]);
    const row = [7, ...near, ...near.map((x) => -x)];
    const weights = Float32Array.from({ length: 33 * row.length }, (_, at) =>
      at < row.length ? 0 : row[at % row.length],
    );
    expectSame(weights, 33, row.length, row.length);
  });

  it('refuses what is not finite', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const weights = new Float32Array(40).fill(1);
      weights[17] = bad;
      for (const kernels of all) {
        expect(() => kernels.quantizeInt4(weights, 4, 10, 5)).toThrow(/only finite values/);
      }
    }
  });
});
