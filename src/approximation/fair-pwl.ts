import { wholeNumber } from '../errors.ts';
import { round } from '../number/bf16.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import { type Approximation, type Interval, unsupported } from './approximation.ts';
import { checkRanges, isGateName } from './pwl.ts';
import { elementwiseOf, softmaxOf } from './tabulated.ts';

export interface FairPwlOptions {
  /** Segments in all; the paper's hardware has 22. */
  segments?: number;
  /** Softmax covers [start, 0]; below it exp is under 1e-8 by default. */
  start?: number;
  /** Activations cover [−range, range]; SiLU(−8) is −0.003, which is what flushing beyond it costs. */
  range?: number;
}

/**
 * Piecewise linear approximation as good as the same hardware allows: knots where the function bends, one of them at
 * 0, every segment a line of least largest error, evaluated from its knot so that nothing cancels. The error is
 * absolute for activations. For exp it is counted in units of √f, half way to a relative error: softmax adds up
 * thousands of small probabilities, and an absolute fit, which gives each the error of the large ones, spoils the sum.
 * A lane stores slope, knot and value of a segment, all BF16, and computes y₀ + slope·(x − x₀), each step rounded.
 * Where one value is known for certain it is kept: exp(0) = 1, f(0) = 0.
 * @throws MugiError for a number of segments or a range outside its limits
 */
export function fairPwl(options: FairPwlOptions = {}): Approximation {
  const { segments = 22, start = -20, range = 8 } = options;
  wholeNumber('segments', segments, 2, 1024);
  checkRanges(start, range);
  const interval = (name: string): Interval =>
    isGateName(name) ? { from: -range, to: range } : { from: start, to: 0 };
  return {
    method: 'pwl-fair',
    label: `PWL ${segments} minimax segments with a knot at 0, softmax [${start}, 0], activations ±${range}`,
    supports: (name) => name === 'softmax' || name === 'exp' || isGateName(name),
    interval,
    elementwise(fn: NonlinearFunction) {
      if (fn.name === 'exp') {
        const exp = evaluator(fit(Math.exp, [start, 0], segments, Math.sqrt), 1);
        return elementwiseOf(
          fn,
          (x) => (x > 0 ? Number.NaN : x < start ? 0 : Math.max(0, exp(x))),
          interval(fn.name),
        );
      }
      if (!isGateName(fn.name)) throw unsupported('PWL', fn.name, 'exp, softmax, silu, gelu and its forms');
      const inner = evaluator(
        fit(fn.exact, [-range, 0, range], segments, () => 1),
        fn.zero,
      );
      return elementwiseOf(fn, (x) => (x > range ? x : x < -range ? 0 : inner(x)), interval(fn.name));
    },
    softmax() {
      const exp = evaluator(fit(Math.exp, [start, 0], segments, Math.sqrt), 1);
      return softmaxOf((x) => (x < start ? 0 : Math.max(0, exp(x))), interval('softmax'));
    },
  };
}

/** A line up to `to`: its value at `knot`, the end nearer to 0, and its slope. */
interface Segment {
  to: number;
  knot: number;
  value: number;
  slope: number;
}

/** Points of a part between two fixed knots at which a fit is judged. */
const GRID = 1024;

/**
 * At most `segments` lines over the parts between `knots`, whose largest error in units of `weight(f)` is as small as
 * possible: for an allowed error each line is made as long as it can be; the error is halved in on.
 */
function fit(
  f: (x: number) => number,
  knots: readonly number[],
  segments: number,
  weight: (value: number) => number,
): Segment[] {
  const parts = knots.slice(1).map((to, i) => sample(f, knots[i], to, weight));
  const cover = (allowed: number): Segment[] =>
    parts.flatMap((part) => longestLines(part, allowed, segments));
  let low = 0;
  let high = 1;
  while (cover(high).length > segments) high *= 2;
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (cover(middle).length > segments) low = middle;
    else high = middle;
  }
  return cover(high);
}

interface Part {
  x: Float64Array;
  y: Float64Array;
  weight: Float64Array;
}

function sample(f: (x: number) => number, from: number, to: number, weight: (value: number) => number): Part {
  const x = Float64Array.from({ length: GRID + 1 }, (_, i) => from + ((to - from) * i) / GRID);
  const y = x.map(f);
  return { x, y, weight: y.map(weight) };
}

function longestLines(part: Part, allowed: number, limit: number): Segment[] {
  const lines: Segment[] = [];
  for (let first = 0; first < GRID; ) {
    if (lines.length > limit) return lines;
    let good = first + 1;
    let bad = GRID + 1;
    // Gallop, then halve in: a line that is too long stays so.
    for (let step = 2; first + step <= GRID && bad > GRID; step *= 2) {
      if (lineWithin(part, first, first + step, allowed) === undefined) bad = first + step;
      else good = first + step;
    }
    while (bad - good > 1) {
      const middle = (good + bad) >> 1;
      if (lineWithin(part, first, middle, allowed) === undefined) bad = middle;
      else good = middle;
    }
    const { slope, offset } = lineWithin(part, first, good, allowed) ?? chord(part, first, good);
    const [from, to] = [part.x[first], part.x[good]];
    const knot = Math.abs(from) < Math.abs(to) ? from : to;
    lines.push({ to, knot, slope, value: offset + slope * knot });
    first = good;
  }
  return lines;
}

interface Line {
  slope: number;
  offset: number;
}

function chord({ x, y }: Part, first: number, last: number): Line {
  const slope = (y[last] - y[first]) / (x[last] - x[first]);
  return { slope, offset: y[first] - slope * x[first] };
}

/**
 * A line through all points first…last within the allowed error, if there is one. For a slope the offsets that each
 * point admits are an interval; how far these are from having a common point is convex in the slope.
 */
function lineWithin(part: Part, first: number, last: number, allowed: number): Line | undefined {
  const { x, y, weight } = part;
  const stride = Math.max(1, (last - first) >> 6);
  const offsets = (slope: number): { low: number; high: number } => {
    let low = -Infinity;
    let high = Infinity;
    for (let i = first; i <= last; i = i === last ? last + 1 : Math.min(last, i + stride)) {
      const rest = y[i] - slope * x[i];
      const error = allowed * weight[i];
      if (rest - error > low) low = rest - error;
      if (rest + error < high) high = rest + error;
    }
    return { low, high };
  };
  const gap = (slope: number): number => {
    const { low, high } = offsets(slope);
    return low - high;
  };
  let slope = chord(part, first, last).slope;
  let [a, b] = [slope - 0.5, slope + 0.5];
  for (let i = 0; i < 36 && gap(slope) > 0; i++) {
    const [c, d] = [a + (b - a) / 3, b - (b - a) / 3];
    if (gap(c) <= gap(d)) b = d;
    else a = c;
    slope = (a + b) / 2;
  }
  const { low, high } = offsets(slope);
  return low > high ? undefined : { slope, offset: (low + high) / 2 };
}

/** What a lane computes: coefficients in BF16, the value taken at the rounded knot, every step rounded. */
function evaluator(segments: readonly Segment[], atZero: number): (x: number) => number {
  const stored = segments.map(({ to, knot, value, slope }) => {
    const anchor = round(knot);
    return { to, anchor, slope: round(slope), value: round(value + slope * (anchor - knot)) };
  });
  return (x) => {
    if (x === 0) return atZero;
    const segment = stored.find(({ to }) => x < to) ?? stored.at(-1)!;
    return round(segment.value + round(segment.slope * round(x - segment.anchor)));
  };
}
