import { describe, expect, it } from 'vitest';
import { softmaxError } from '../../src/approximation/softmax-error.ts';
import { vlp as approximation } from '../../src/approximation/vlp.ts';
import { MugiError } from '../../src/errors.ts';
import { loadKernels } from '../../src/kernel/node.ts';
import { gaussian, random } from '../../src/number/random.ts';
import * as bf16 from '../../src/number/bf16.ts';
import { FUNCTION_NAMES, FUNCTIONS, type NonlinearFunction } from '../../src/vlp/function.ts';
import type { VlpOptions } from '../../src/vlp/mode.ts';
import { vlp } from '../../src/vlp/vlp.ts';

const ALL = bf16.decode(Uint16Array.from({ length: 65536 }, (_, bits) => bits));

/** Answers to all 65,536 inputs, each a group of its own. */
function answers(fn: NonlinearFunction, options: VlpOptions): Float32Array {
  const out = new Float32Array(65536);
  vlp.create(fn, vlp.configure({ ...options, group: 1 })).apply(ALL, out, 65536, 1);
  return out;
}

/** x with its significand rounded to `bits` bits behind the point, ties to even: by arithmetic, not by patterns. */
function rounded(x: number, bits: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - bits);
  const steps = Math.abs(x) / unit;
  const low = Math.floor(steps);
  const up = steps - low > 0.5 || (steps - low === 0.5 && low % 2 === 1);
  return Math.sign(x) * (low + Number(up)) * unit;
}

const CASES = FUNCTION_NAMES.flatMap((name) =>
  [
    { mantissaBits: 3 },
    { mantissaBits: 2, window: { lo: -6, hi: 1 } },
    { mantissaBits: 4, window: { lo: -3, hi: 4 } },
  ].map((options) => ({ name, options })),
);

describe('VLP functions on all 65,536 inputs', () => {
  it.each(CASES)('$name, $options: hardware rules, input by input', ({ name, options }) => {
    const fn: NonlinearFunction = FUNCTIONS[name];
    const { window } = vlp.configure(options);
    const got = answers(fn, options);
    for (let bits = 0; bits < 65536; bits++) {
      const x = ALL[bits];
      let expected: number;
      const outside = x < 0 ? fn.above.negative : fn.above.positive;
      const wrongHalf = fn.domain === 'negative' && x >= bf16.MIN_NORMAL;
      if (Number.isNaN(x) || wrongHalf) expected = Number.NaN;
      else if (Math.abs(x) < bf16.MIN_NORMAL) expected = bf16.round(fn.zero);
      else {
        const kept = Number.isFinite(x) ? rounded(x, options.mantissaBits) : x;
        const exponent = Math.floor(Math.log2(Math.abs(kept)));
        if (exponent < window.lo) expected = bf16.round(fn.zero);
        else if (exponent > window.hi) expected = outside === 'pass' ? x : Number(outside);
        else expected = bf16.round(fn.exact(kept));
      }
      if (!Object.is(got[bits], expected) && !(got[bits] === 0 && expected === 0)) {
        expect({ x, y: got[bits] }).toEqual({ x, y: expected });
      }
    }
  });

  it.each(FUNCTION_NAMES.filter((name) => FUNCTIONS[name].monotone))(
    '%s never falls where the function rises',
    (name) => {
      for (const options of [
        {},
        { entries: 'mean' as const },
        { mantissaBits: 2 },
        { window: { lo: -6, hi: 4 } },
        { window: { lo: -6, hi: 4 }, anchor: 'min' as const },
        // The paper passes negative inputs through as well where positive ones are.
        ...(name === 'softplus' ? [] : [{ mode: 'paper' as const }]),
      ]) {
        const got = answers(FUNCTIONS[name], options);
        let last = -Infinity;
        const falls: number[] = [];
        for (const bits of ascending()) {
          const y = got[bits];
          if (Number.isNaN(y)) continue;
          if (y < last) falls.push(ALL[bits]);
          last = y;
        }
        expect({ options, falls: falls.slice(0, 3) }).toEqual({ options, falls: [] });
      }
    },
  );

  it('exp keeps the error that rounding the mantissa implies, and no more', () => {
    for (const mantissaBits of [2, 3, 4]) {
      const got = answers(FUNCTIONS.exp, { mantissaBits });
      let largest = 0;
      for (let bits = 0x8080; bits < 0xff80; bits++) {
        const x = ALL[bits];
        const exponent = Math.floor(Math.log2(Math.abs(rounded(x, mantissaBits))));
        if (exponent < -4 || exponent > 3) continue;
        // |x̂ − x| ≤ 2^(E−b−1), then one rounding to BF16.
        const bound = Math.exp(2 ** (exponent - mantissaBits - 1)) * (1 + bf16.UNIT_ROUNDOFF) - 1;
        const error = Math.abs(got[bits] / Math.exp(x) - 1);
        expect(error).toBeLessThanOrEqual(bound);
        largest = Math.max(largest, error / bound);
      }
      expect(largest).toBeGreaterThan(0.9);
    }
  });

  it('exp by range reduction is as good at −80 as at −0.1', () => {
    const got = answers(FUNCTIONS.exp, { range: 'reduced' });
    let worst = 0;
    for (let bits = 0x8080; bits < 0xff80; bits++) {
      const x = ALL[bits];
      if (x < -80) break;
      worst = Math.max(worst, Math.abs(got[bits] / Math.exp(x) - 1));
    }
    // r < ln 2: half a step of 2^(−1−3), then a BF16 rounding; r itself is rounded once.
    expect(worst).toBeLessThan(Math.exp(2 ** -5 + 2 ** -9) * (1 + bf16.UNIT_ROUNDOFF) - 1);
    expect(worst).toBeGreaterThan(0.025);
  });
});

/** Patterns of all numbers, ascending. */
function* ascending(): Generator<number> {
  for (let bits = 0xff80; bits >= 0x8000; bits--) yield bits;
  for (let bits = 0; bits <= 0x7f80; bits++) yield bits;
}

describe('options that cost no hardware', () => {
  const within = (x: number, lo: number, hi: number): boolean =>
    Math.abs(x) >= 2 ** lo && Math.abs(x) < 2 ** hi;

  it('the linear limit removes the dead zone of SiLU and GELU: x/2 is off by 0.41·x² and less', () => {
    for (const name of ['silu', 'gelu', 'gelu-tanh'] as const) {
      const linear = answers(FUNCTIONS[name], { below: 'linear' });
      const flushed = answers(FUNCTIONS[name], {});
      for (let bits = 0; bits < 65536; bits++) {
        const x = ALL[bits];
        if (!within(x, -100, -5)) continue;
        expect(flushed[bits]).toBe(0);
        expect(Math.abs(linear[bits] - FUNCTIONS[name].exact(x))).toBeLessThanOrEqual(
          0.41 * x * x + 1e-15 * Math.abs(x),
        );
      }
    }
  });

  it('mean entries lower the squared error over a bin, and the divergence of softmax by 3 to 6 %', () => {
    const squared = (entries: 'point' | 'mean'): number => {
      const got = answers(FUNCTIONS.exp, { entries });
      let sum = 0;
      for (let bits = 0x8000; bits < 0xff80; bits++) {
        const x = ALL[bits];
        if (within(x, 1, 3)) sum += (got[bits] - Math.exp(x)) ** 2;
      }
      return sum;
    };
    expect(squared('mean')).toBeLessThan(squared('point'));
    for (const sigma of [1, 2, 4]) {
      const ratio = divergence({ entries: 'mean' }, sigma) / divergence({}, sigma);
      expect(ratio).toBeGreaterThan(0.94);
      expect(ratio).toBeLessThan(0.97);
    }
  });

  it('range reduction lowers the divergence of softmax twentyfold and more', () => {
    for (const sigma of [1, 2, 4])
      expect(divergence({ range: 'reduced' }, sigma) * 20).toBeLessThan(divergence({}, sigma));
  });

  it('a reciprocal by VLP with a Newton step costs softmax under 1 %, without one under 25 %', () => {
    for (const sigma of [1, 2, 4]) {
      const exact = divergence({}, sigma);
      expect(divergence({ normalise: 'vlp-newton' }, sigma)).toBeLessThan(1.01 * exact);
      expect(divergence({ normalise: 'vlp' }, sigma)).toBeLessThan(1.25 * exact);
    }
  });

  function divergence(options: VlpOptions, sigma: number): number {
    const scores = Float32Array.from(gaussian(random(1), 64 * 1024, sigma));
    return softmaxError(approximation(options).softmax(), scores, 64, 1024).kl;
  }
});

describe('a function of one’s own', () => {
  it('is stored for both signs, answers f(0) under the window and repeats the last entry above', () => {
    const f = vlp.of(Math.atan, { name: 'atan' }, { window: { lo: -4, hi: 3 } });
    const x = Float32Array.of(0, 1 / 64, -1 / 64, 1, -1, 1.06, 1e30, -1e30, Number.NaN);
    const y = new Float32Array(9);
    f.apply(x, y, 1, 9);
    const last = bf16.round(Math.atan(15));
    const one = bf16.round(Math.atan(1));
    expect([...y]).toEqual([0, 0, 0, one, -one, one, last, -last, Number.NaN]);
    // An infinite input does not depend on its neighbours.
    for (const beside of [0.25, 8]) {
      const wide = vlp.of(Math.atan, {}, { window: { lo: -8, hi: 3 } });
      wide.apply(Float32Array.of(Infinity, beside), y, 1, 2);
      expect(y[0]).toBe(last);
    }
  });

  it('needs a value at 0', () => {
    expect(() => vlp.of((x) => Math.sin(x) / x)).toThrow(/no value at 0/);
    const y = new Float32Array(1);
    vlp.of((x) => Math.sin(x) / x, { zero: 1 }).apply(Float32Array.of(0), y, 1, 1);
    expect(y[0]).toBe(1);
  });
});

describe('what cannot be built is refused with the reason', () => {
  const refusals: readonly [VlpOptions, RegExp][] = [
    [{ window: { lo: 3, hi: -4 } }, /upside down/],
    [{ window: { lo: -4.5, hi: 3 } }, /whole exponents/],
    [{ window: { lo: -200, hi: 3 } }, /leaves the normal BF16/],
    [{ window: { lo: -100, hi: 3 } }, /at most 64/],
    [{ mantissaBits: 8 }, /mantissaBits must be a whole number from 1 to 7/],
    [{ group: 0 }, /group must be/],
    [{ columns: 1.5 }, /columns must be/],
    [{ mode: 'artifact', entries: 'mean' }, /mode artifact is fixed/],
  ];
  it.each(refusals)('%o', (options, message) => {
    expect(() => vlp.softmax(options)).toThrow(message);
  });

  it('names the nearest function, and functions without a linear limit', () => {
    expect(() => vlp.named('sigmod')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: 'sigmoid' }) }),
    );
    expect(() => vlp.named('exp', { below: 'linear' })).toThrow(/no linear limit/);
    expect(() => vlp.create(FUNCTIONS.silu, vlp.configure({ range: 'reduced' }))).toThrow(/property of exp/);
  });

  it('mode artifact for functions that the authors had no code for, and descriptions that nothing could build', () => {
    for (const name of ['tanh', 'sigmoid', 'softplus'])
      expect(() => vlp.named(name, { mode: 'artifact' })).toThrow(/mode artifact has rules for/);
    const of = (description: object) => () => vlp.of(Math.atan, description);
    expect(of({ slope: 0.3 })).toThrow(/power of two/);
    expect(of({ domain: 'left' })).toThrow(/unknown domain/);
    expect(of({ above: { positive: 'clamp' } })).toThrow(/unknown rule above/);
  });

  it('the same in the library itself and on the kernels', async () => {
    const some = new Float32Array(6);
    const calls = [
      { rows: 2, cols: 4 },
      { rows: 0, cols: 3 },
      { rows: 2, cols: 3, lengths: Int32Array.of(1, 9) },
      { rows: 2, cols: 3, lengths: Int32Array.of(-1, 1) },
    ].map((call) => ({ scores: some, out: some, ...call }));
    const { softmax } = await loadKernels();
    for (const call of calls) {
      for (const apply of [vlp.softmax().apply, vlp.softmax({ mode: 'artifact' }).apply, softmax()])
        expect(() => apply(call)).toThrow(MugiError);
    }
    expect(() => vlp.named('silu').apply(some, some, 1, 7)).toThrow(/smaller than rows × cols/);
  });

  it('empty tensors, and sizes and masks that do not fit', () => {
    const { softmax, elementwise } = approximation({});
    const some = new Float32Array(6);
    expect(() => softmax().apply(new Float32Array(0), new Float32Array(0), 0, 4)).toThrow(/empty tensor/);
    expect(() => softmax().apply(some, some, 2, 4)).toThrow(/smaller than rows × cols/);
    expect(() => softmax().apply(some, some, 2, 3, { masked: new Uint8Array(5) })).toThrow(/mask is smaller/);
    expect(() => softmax().apply(some, some, 2, 3, { lengths: Int32Array.of(1) })).toThrow(
      /one length per row/,
    );
    expect(() => softmax().apply(some, some, 2, 3, { lengths: Int32Array.of(1, 4) })).toThrow(
      /outside the row/,
    );
    expect(() => elementwise(FUNCTIONS.silu).apply(some, some, 1, 7)).toThrow(/smaller than rows × cols/);
  });
});
