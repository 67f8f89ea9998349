import { describe, expect, it } from 'vitest';
import { answersToAll, binades, errorOver } from '../../src/approximation/error.ts';
import { APPROXIMATIONS, approximationNamed, type MethodOptions } from '../../src/approximation/index.ts';
import { softmaxError } from '../../src/approximation/softmax-error.ts';
import { gaussian, random } from '../../src/number/random.ts';
import * as bf16 from '../../src/number/bf16.ts';
import { functionNamed } from '../../src/vlp/function.ts';

function answers(method: string, name: string, options: MethodOptions = {}): Float32Array {
  const operator = approximationNamed(method, options).elementwise(functionNamed(name));
  return answersToAll((x, out, rows, cols) => operator.apply(x, out, rows, cols));
}

function largest(method: string, name: string, options: MethodOptions = {}): number {
  const got = answers(method, name, options);
  const { exact, domain } = functionNamed(name);
  const interval = {
    from: -Infinity,
    to: domain === 'negative' ? 0 : Infinity,
  };
  return Math.max(...binades(interval).map((range) => errorOver(got, exact, range).max_abs_error));
}

function divergence(method: string, sigma: number): number {
  const scores = Float32Array.from(gaussian(random(3), 32 * 1024, sigma));
  return softmaxError(approximationNamed(method).softmax(), scores, 32, 1024).kl;
}

describe('fair baselines', () => {
  it('PWL: minimax lines with free knots and one at 0 beat equal chords, absolutely and in softmax', () => {
    for (const name of ['exp', 'silu', 'gelu'])
      expect(largest('pwl-fair', name)).toBeLessThan(0.65 * largest('pwl', name));
    // The wider the scores, the more of a row lies where equal chords are good enough.
    for (const [sigma, times] of [
      [1, 35],
      [2, 7],
      [4, 3],
    ])
      expect(divergence('pwl-fair', sigma) * times).toBeLessThan(divergence('pwl', sigma));
  });

  it('PWL has a knot at 0 whatever the number of segments, where the published one is ruined by odd ones', () => {
    for (const segments of [21, 22]) {
      const options = { segments, range: 10 };
      const near = (method: string): number => {
        const got = answers(method, 'silu', options);
        return errorOver(got, functionNamed('silu').exact, { negative: false, near: 0, far: 0.25 })
          .max_abs_error;
      };
      expect(near('pwl-fair')).toBeLessThan(0.01);
      if (segments === 21) expect(near('pwl')).toBeGreaterThan(0.05);
    }
  });

  it('Taylor by Horner after range reduction is within two BF16 steps of exp everywhere', () => {
    const got = answers('taylor-fair', 'exp');
    for (const range of binades({ from: -87, to: 0 }, 2 ** -4, 64).filter(({ negative }) => negative)) {
      const error = errorOver(got, Math.exp, range);
      expect(Math.max(-error.min_rel_error, error.max_rel_error)).toBeLessThan(2 * 2 ** -7);
    }
    for (const sigma of [1, 2, 4])
      expect(divergence('taylor-fair', sigma) * 2).toBeLessThan(divergence('taylor', sigma));
  });

  it('more segments or a higher degree are never worse', () => {
    expect(largest('pwl-fair', 'silu', { segments: 44 })).toBeLessThan(
      largest('pwl-fair', 'silu', { segments: 11 }),
    );
    expect(largest('taylor-fair', 'exp', { degree: 4 })).toBeLessThan(
      largest('taylor-fair', 'exp', { degree: 2 }),
    );
  });
});

describe('every method', () => {
  it.each(Object.keys(APPROXIMATIONS))(
    '%s: NaN in, NaN out; 0 and masked entries exact; refuses what it cannot do',
    (method) => {
      const approximation = approximationNamed(method);
      for (const name of ['exp', 'silu', 'gelu', 'tanh']) {
        if (!approximation.supports(name)) {
          expect(() => approximation.elementwise(functionNamed(name))).toThrow(/not defined for/);
          continue;
        }
        const got = answers(method, name);
        expect(got[bf16.NAN]).toBeNaN();
        // The published Taylor expansion around −4.5 misses exp(0) by 1.6 %.
        expect(got[0]).toBe(method === 'taylor' ? 0.984375 : functionNamed(name).exact(0));
      }
      const out = new Float32Array(8);
      const scores = Float32Array.of(1, 2, 3, Number.NaN, 1, 2, 3, 4);
      const masked = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0);
      approximation.softmax().apply(scores, out, 2, 4, { masked });
      expect(out[3]).toBe(0);
      expect(out.subarray(0, 3).reduce((a, b) => a + b)).toBeCloseTo(1, 1);
      approximation.softmax().apply(scores, out, 2, 4);
      expect(out[0]).toBeNaN();
    },
  );

  it('is found by name, an unknown one with the nearest', () => {
    expect(() => approximationNamed('tailor')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ nearest: 'taylor' }) }),
    );
    expect(() => approximationNamed('pwl-fair', { segments: 1 })).toThrow(/segments must be/);
    expect(() => approximationNamed('pwl-fair', { start: 3 })).toThrow(/cannot cover this start/);
    expect(() => approximationNamed('taylor-fair', { degree: 31 })).toThrow(/degree must be/);
  });
});
