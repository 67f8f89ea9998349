import { MugiError, wholeNumber } from '../errors.ts';
import { round } from '../number/bf16.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import { type Approximation, unsupported } from './approximation.ts';
import { elementwiseOf, softmaxOf } from './tabulated.ts';

export interface PwlOptions {
  /** Equal segments; the paper's hardware has 22. */
  segments?: number;
  /** Softmax covers [start, 0]; the paper sweeps −16…−24. */
  start?: number;
  /** SiLU and GELU cover [−range, range]; the paper sweeps 3…11. */
  range?: number;
  /**
   * Fig. 8's variants of the segment arithmetic. `bf16` (default): every elementary step rounded to BF16, as in
   * the authors' evaluation.
   */
  arithmetic?: 'bf16' | 'exact';
}

/**
 * Piecewise linear approximation as published (Mugi §2.2, §5.2.2, and the authors' evaluation code): equal
 * segments joined at their end points (chords, no fitting), flushed to 0 to the left, x itself to the right.
 */
export function pwl(options: PwlOptions = {}): Approximation {
  const { segments = 22, start = -20, range = 5, arithmetic = 'bf16' } = options;
  wholeNumber('segments', segments, 1, 1024);
  if (!(start < 0) || !(range > 0) || !Number.isFinite(start) || !Number.isFinite(range)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'PWL needs a softmax range that starts below 0 and an activation range above 0',
      path: start < 0 ? 'range' : 'start',
      received: start < 0 ? String(range) : String(start),
    });
  }
  const step = arithmetic === 'bf16' ? round : (x: number): number => x;
  const exp = chords(Math.exp, start, 0, segments, step);
  return {
    method: 'pwl',
    label: `PWL ${segments} segments, softmax [${start}, 0], activations ±${range}`,
    supports: (name) => name === 'softmax' || name === 'exp' || isGate(name),
    interval: (name) => (isGate(name) ? { from: -range, to: range } : { from: start, to: 0 }),
    elementwise(fn: NonlinearFunction) {
      if (fn.name === 'exp') return elementwiseOf(fn, (x) => (x > 0 ? Number.NaN : exp(x)));
      if (!isGate(fn.name)) throw unsupported('PWL', fn.name, 'exp, softmax, silu, gelu and its forms');
      const inner = chords(fn.exact, -range, range, segments, step);
      return elementwiseOf(fn, (x) => (x > range ? x : inner(x)));
    },
    softmax: () => softmaxOf(exp),
  };
}

/** Functions that tend to 0 on the left and to x on the right. */
export function isGate(name: string): boolean {
  return name === 'silu' || name.startsWith('gelu');
}

/**
 * The chord through the ends of the segment that holds x; 0 left of `start`. At `end` the index is one past the
 * last segment, which gives f(end) exactly where the knot is exact.
 */
function chords(
  f: (x: number) => number,
  start: number,
  end: number,
  segments: number,
  step: (x: number) => number,
): (x: number) => number {
  const h = Math.fround((end - start) / segments);
  return (x) => {
    if (x < start) return 0;
    const k = Math.min(segments, Math.max(0, Math.floor(step(step(x - start) / h))));
    const x0 = step(step(k * h) + start);
    const x1 = step(step((k + 1) * h) + start);
    const y0 = step(f(x0));
    const slope = step(step(step(f(x1)) - y0) / h);
    const offset = step(y0 - step(slope * x0));
    return step(step(slope * x) + offset);
  };
}
