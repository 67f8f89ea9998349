import * as bf16 from '../number/bf16.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import { REGIONS, type Region } from '../vlp/statistics.ts';
import type { Approximation, Interval } from './approximation.ts';

/** One input and what became of it. */
export interface ApproximationPoint {
  /** The input as given; everything else is about its BF16 rounding. */
  x: number;
  x_bf16_bits: number;
  y: number;
  y_bf16_bits: number;
  /** Exact value for the BF16 input; for softmax the exact probability in the row of BF16 inputs. */
  exact: number;
  rel_error: number;
  region: Region;
}

/** f at the given inputs, which form one group in the order given (they share a sliding window under VLP). */
export function functionPoints(
  approximation: Approximation,
  fn: NonlinearFunction,
  xs: readonly number[],
): ApproximationPoint[] {
  const x = Float32Array.from(xs, bf16.round);
  const y = new Float32Array(x.length);
  const regions = new Uint8Array(x.length);
  approximation.elementwise(fn).apply(x, y, 1, x.length, { regions });
  return xs.map((given, i) => point(given, x[i], y[i], fn.exact(x[i]), REGIONS[regions[i]]));
}

/** Softmax of the given scores as one row. */
export function softmaxPoints(approximation: Approximation, xs: readonly number[]): ApproximationPoint[] {
  const x = Float32Array.from(xs, bf16.round);
  const y = new Float32Array(x.length);
  const regions = new Uint8Array(x.length);
  approximation.softmax().apply(x, y, 1, x.length, { regions });
  const max = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = x.reduce((sum, v) => sum + Math.exp(v - max), 0);
  return xs.map((given, i) => point(given, x[i], y[i], Math.exp(x[i] - max) / total, REGIONS[regions[i]]));
}

/** Answers from a table of all BF16 patterns' values, for functions without windows. */
export function pointsOfTable(
  answers: Float32Array,
  exact: (x: number) => number,
  { from, to }: Interval,
  xs: readonly number[],
): ApproximationPoint[] {
  return xs.map((given) => {
    const bits = bf16.toBits(given);
    const x = bf16.fromBits(bits);
    return point(given, x, answers[bits], exact(x), x >= from && x <= to ? 'inside' : 'special');
  });
}

function point(given: number, x: number, y: number, exact: number, region: Region): ApproximationPoint {
  return {
    x: given,
    x_bf16_bits: bf16.toBits(x),
    y,
    y_bf16_bits: bf16.toBits(y),
    exact,
    rel_error: y === exact ? 0 : y / exact - 1,
    region,
  };
}
