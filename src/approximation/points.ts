import * as bf16 from '../number/bf16.ts';
import { extremeExponent } from '../vlp/elementwise.ts';
import { FUNCTIONS, type NonlinearFunction } from '../vlp/function.ts';
import type { VlpOptions } from '../vlp/mode.ts';
import { REGIONS, type Region } from '../vlp/statistics.ts';
import { vlp } from '../vlp/vlp.ts';
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
  vlpOptions: VlpOptions,
): ApproximationPoint[] {
  const x = Float32Array.from(xs, bf16.round);
  const y = new Float32Array(x.length);
  approximation.elementwise(fn).apply(x, y, 1, x.length);
  const regionOf =
    approximation.method === 'vlp'
      ? vlpRegions(fn, bf16.encode(x), vlpOptions)
      : intervalRegions(approximation, fn.name);
  return xs.map((given, i) => point(given, x[i], y[i], fn.exact(x[i]), regionOf(x[i])));
}

/** Softmax of the given scores as one row. */
export function softmaxPoints(
  approximation: Approximation,
  xs: readonly number[],
  vlpOptions: VlpOptions,
): ApproximationPoint[] {
  const x = Float32Array.from(xs, bf16.round);
  const y = new Float32Array(x.length);
  approximation.softmax().apply(x, y, 1, x.length);
  const max = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = x.reduce((sum, v) => sum + Math.exp(v - max), 0);
  return xs.map((given, i) => {
    // A key's group is its column, here of one row: its window follows this input alone.
    const difference = bf16.round(x[i] - max);
    const regionOf =
      approximation.method === 'vlp'
        ? vlpRegions(FUNCTIONS.exp, Uint16Array.of(bf16.toBits(difference)), vlpOptions)
        : intervalRegions(approximation, 'softmax');
    return point(given, x[i], y[i], Math.exp(x[i] - max) / total, regionOf(difference));
  });
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

function vlpRegions(fn: NonlinearFunction, group: Uint16Array, options: VlpOptions): (x: number) => Region {
  const { tables, config } = vlp.create(fn, vlp.configure(options));
  const { regions } = tables.at(extremeExponent(tables.voting, config.anchor === 'max', group));
  return (x) => REGIONS[regions[bf16.toBits(x)]]!;
}

function intervalRegions(approximation: Approximation, name: string): (x: number) => Region {
  const { from, to } = approximation.interval(name);
  return (x) =>
    !Number.isFinite(x) ? 'special' : x < from || x > to ? 'above' : x === 0 ? 'zero' : 'inside';
}
