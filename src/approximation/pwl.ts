import { MugiError, wholeNumber } from '../errors.ts';
import { round } from '../number/bf16.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import { type Approximation, type Interval, unsupported } from './approximation.ts';
import { elementwiseOf, softmaxOf } from './tabulated.ts';

export interface PwlOptions {
  /** Equal segments; the paper's hardware has 22. */
  segments?: number;
  /** Softmax covers [start, 0]; the paper sweeps −16…−24. */
  start?: number;
  /** SiLU and GELU cover [−range, range]; the paper sweeps 3…11. */
  range?: number;
}

/**
 * Piecewise linear approximation as published (Mugi §2.2, §5.2.2, and the authors' evaluation code): equal
 * segments joined at their end points (chords, no fitting), flushed to 0 to the left, x itself to the right.
 * @throws MugiError for a number of segments or a range outside its limits
 */
export function pwl(options: PwlOptions = {}): Approximation {
  const { segments = 22, start = -20, range = 5 } = options;
  wholeNumber('segments', segments, 1, 1024);
  checkRanges(start, range);
  const interval = (name: string): Interval =>
    isGateName(name) ? { from: -range, to: range } : { from: start, to: 0 };
  const exp = chords(Math.exp, start, 0, segments);
  return {
    method: 'pwl',
    label: `PWL ${segments} segments, softmax [${start}, 0], activations ±${range}`,
    supports: (name) => name === 'softmax' || name === 'exp' || isGateName(name),
    interval,
    elementwise(fn: NonlinearFunction) {
      if (fn.name === 'exp')
        return elementwiseOf(fn, (x) => (x > 0 ? Number.NaN : exp(x)), interval(fn.name));
      if (!isGateName(fn.name)) throw unsupported('PWL', fn.name, 'exp, softmax, silu, gelu and its forms');
      const inner = chords(fn.exact, -range, range, segments);
      return elementwiseOf(fn, (x) => (x > range ? x : inner(x)), interval(fn.name));
    },
    softmax: () => softmaxOf(exp, interval('softmax')),
  };
}

/** Ranges that BF16 steps can divide into segments. */
export function checkRanges(start: number, range: number): void {
  const check = (name: string, size: number, value: number): void => {
    if (size >= MINIMUM && size <= MAXIMUM) return;
    throw new MugiError({
      code: 'invalid-value',
      message: `PWL cannot cover this ${name}`,
      path: name,
      expected:
        name === 'start'
          ? `a number from -${MAXIMUM} to -${MINIMUM}`
          : `a number from ${MINIMUM} to ${MAXIMUM}`,
      received: String(value),
    });
  };
  check('start', -start, start);
  check('range', range, range);
}

const MINIMUM = 1 / 16;
const MAXIMUM = 256;

/** Functions that tend to 0 on the left and to x on the right. */
export function isGateName(name: string): boolean {
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
): (x: number) => number {
  const h = Math.fround((end - start) / segments);
  return (x) => {
    if (x < start) return 0;
    const k = Math.min(segments, Math.max(0, Math.floor(round(round(x - start) / h))));
    const x0 = round(round(k * h) + start);
    const x1 = round(round((k + 1) * h) + start);
    const y0 = round(f(x0));
    const slope = round(round(round(f(x1)) - y0) / h);
    const offset = round(y0 - round(slope * x0));
    return round(round(slope * x) + offset);
  };
}
