import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bf16 from '../../src/number/bf16.ts';

const ALL = Array.from({ length: 65536 }, (_, bits) => bits);
const finite = ALL.filter((bits) => (bits & 0x7fff) < bf16.INFINITY);

/** Nearest BF16 by search among all values: the definition, independent of bit tricks. */
const positive = finite.filter((bits) => bits < 0x8000).map(bf16.fromBits);
function nearest(x: number): number {
  const size = Math.abs(x);
  let low = 0;
  let high = positive.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (positive[middle] <= size) low = middle;
    else high = middle;
  }
  if (size >= positive[high]) {
    const top = positive[high];
    const halfStep = (top - positive[high - 1]) / 2;
    return (size < top + halfStep ? high : high + 1) | (x < 0 ? 0x8000 : 0);
  }
  const below = size - positive[low];
  const above = positive[high] - size;
  const chosen = below < above || (below === above && (low & 1) === 0) ? low : high;
  return chosen | (x < 0 ? 0x8000 : 0);
}

describe('bf16', () => {
  it('decodes and encodes every pattern to itself, NaN to the quiet NaN', () => {
    for (const bits of ALL) expect(bf16.toBits(bf16.fromBits(bits))).toBe(bf16.quiet(bits));
    expect(bf16.encode(bf16.decode(Uint16Array.from(ALL)))).toEqual(Uint16Array.from(ALL.map(bf16.quiet)));
  });

  it('rounds the middle between all neighbours to the even one, and anything off the middle to the nearer', () => {
    for (let bits = 0; bits < bf16.INFINITY - 1; bits++) {
      const middle = (bf16.fromBits(bits) + bf16.fromBits(bits + 1)) / 2;
      const even = bits & 1 ? bits + 1 : bits;
      // The smallest float64 step off the middle is lost when float32 comes first: 29 bits below its last.
      const step = Math.max(middle * 2 ** -52, 5e-324);
      expect(bf16.toBits(middle)).toBe(even);
      expect(bf16.toBits(middle + step)).toBe(bits + 1);
      expect(bf16.toBits(middle - step)).toBe(bits);
      expect(bf16.toBits(-middle)).toBe(even | 0x8000);
    }
  });

  it('agrees with the nearest value found by search, over the whole float64 range', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        (x) => bf16.toBits(x) === (Object.is(x, -0) ? 0x8000 : nearest(x)),
      ),
      {
        numRuns: 5000,
      },
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const word = new Uint32Array(Float32Array.of(x).buffer)[0];
        return bf16.fromFloat32Word(word) === bf16.toBits(x);
      }),
    );
  });

  it('overflows to infinity from half a step above the largest value', () => {
    const max = bf16.fromBits(0x7f7f);
    expect(bf16.toBits(max + 2 ** 118)).toBe(0x7f7f);
    expect(bf16.toBits(max + 2 ** 119)).toBe(bf16.INFINITY);
    expect(bf16.toBits(1e300)).toBe(bf16.INFINITY);
    expect(bf16.toBits(-1e39)).toBe(bf16.NEGATIVE_INFINITY);
  });

  it('keeps subnormals and the sign of zero', () => {
    expect(bf16.toBits(2 ** -133)).toBe(1);
    expect(bf16.toBits(2 ** -134)).toBe(0);
    expect(bf16.toBits(2 ** -134 * 1.5)).toBe(1);
    expect(bf16.toBits(-0)).toBe(bf16.NEGATIVE_ZERO);
    expect(bf16.toBits(-1e-300)).toBe(bf16.NEGATIVE_ZERO);
  });

  it('multiplies every pattern by some others exactly as one rounding of the exact product', () => {
    for (const other of [0x3f81, 0xbfff, 0x0081, 0x7f7f, 0x0001, 0x8000, 0x7f80, 0x7fc1]) {
      // A product of two 8-bit significands is exact in float64.
      const wrong = ALL.filter(
        (bits) => bf16.multiply(bits, other) !== bf16.toBits(bf16.fromBits(bits) * bf16.fromBits(other)),
      );
      expect(wrong).toEqual([]);
    }
  });

  it('adds commutatively, with x + 0 = x and x − x = +0', () => {
    for (const bits of finite) {
      expect(bf16.add(bits, bf16.ZERO)).toBe(bits === 0x8000 ? 0 : bits);
      expect(bf16.subtract(bits, bits)).toBe(0);
      expect(bf16.add(bits, 0x4049)).toBe(bf16.add(0x4049, bits));
    }
    expect(bf16.add(bf16.INFINITY, bf16.NEGATIVE_INFINITY)).toBe(bf16.NAN);
    expect(bf16.divide(bf16.ONE, bf16.ZERO)).toBe(bf16.INFINITY);
  });

  it('flushes subnormal operands and results when asked to', () => {
    expect(bf16.multiply(0x0080, 0x3f00)).toBe(0x0040);
    expect(bf16.multiply(0x0080, 0x3f00, true)).toBe(0);
    expect(bf16.multiply(0x8040, 0x4000, true)).toBe(0x8000);
    expect(bf16.add(0x0001, 0x0080, true)).toBe(0x0080);
    for (const bits of finite) expect(bf16.isSubnormal(bf16.flush(bits))).toBe(false);
  });

  it('answers every NaN with the quiet NaN', () => {
    for (const bits of ALL.filter(bf16.isNaN)) {
      expect(bf16.add(bits, bf16.ONE)).toBe(bf16.NAN);
      expect(bf16.multiply(bf16.ZERO, bits, true)).toBe(bf16.NAN);
    }
  });

  it('multiplies and rounds a tensor as two loops do', () => {
    const values = Float32Array.from([1, -0, 3.37, 1e-40, -2e38, 3.38e38, Infinity, NaN, 0.1]);
    for (const by of [0.1767766952966369, 2, values.map((_, i) => 1.7 - i / 3)]) {
      const expected = values.map((value, i) => value * (typeof by === 'number' ? by : by[i]!));
      bf16.roundAll(expected);
      const product = values.slice();
      bf16.multiplyAll(product, by);
      expect(product).toEqual(expected);
    }
  });

  it('counts steps across zero', () => {
    expect(bf16.steps(0x0001, 0x8001)).toBe(2);
    expect(bf16.steps(0x0000, 0x8000)).toBe(0);
    expect(bf16.steps(bf16.NAN, bf16.ONE)).toBe(Infinity);
  });
});
