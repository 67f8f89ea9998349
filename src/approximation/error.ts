import * as bf16 from '../number/bf16.ts';
import type { Interval } from './approximation.ts';

/** Error of a function over the normal BF16 inputs of one sign whose magnitude is in [near, far). */
export interface RangeError extends Binade {
  inputs: number;
  /** Smallest and largest y ∕ f(x) − 1; inputs where f(x) is 0 are left out. NaN if there are no others. */
  min_rel_error: number;
  max_rel_error: number;
  mean_abs_rel_error: number;
  max_abs_error: number;
  /** Input with the largest relative error. */
  worst_x: number;
}

/** Inputs of one sign with near ≤ |x| < far. */
export interface Binade {
  negative: boolean;
  near: number;
  far: number;
}

/** Answers to all 65,536 BF16 inputs, each a group of its own. */
export function answersToAll(
  apply: (x: Float32Array, out: Float32Array, rows: number, cols: number) => void,
): Float32Array {
  const inputs = bf16.decode(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
  const out = new Float32Array(65536);
  apply(inputs, out, 65536, 1);
  return out;
}

/** Binades of both signs, cut to an interval, from low x to high; those under `smallest` are one range. */
export function binades({ from, to }: Interval, smallest = 2 ** -4, largest = 16): Binade[] {
  const sizes: { near: number; far: number }[] = [{ near: 0, far: smallest }];
  for (let near = smallest; near < largest; near *= 2) sizes.push({ near, far: near * 2 });
  const within = (negative: boolean, end: number): Binade[] =>
    sizes
      .filter(({ near }) => near < end)
      .map(({ near, far }) => ({ negative, near, far: Math.min(far, end) }));
  return [...within(true, -from).reverse(), ...within(false, to)];
}

/** Error of `answers` (of `answersToAll`) against `exact`. */
export function errorOver(answers: Float32Array, exact: (x: number) => number, range: Binade): RangeError {
  const { negative, near, far } = range;
  let [inputs, compared, sum, worst, worst_x, max_abs_error] = [0, 0, 0, -1, Number.NaN, 0];
  let [min, max] = [Infinity, -Infinity];
  for (let magnitude = Math.max(0x80, bf16.toBits(near)); magnitude < bf16.toBits(far); magnitude++) {
    const bits = negative ? magnitude | 0x8000 : magnitude;
    const x = bf16.fromBits(bits);
    const y = answers[bits];
    const value = exact(x);
    inputs += 1;
    max_abs_error = Math.max(max_abs_error, Math.abs(y - value));
    if (value === 0) continue;
    const error = y / value - 1;
    compared += 1;
    sum += Math.abs(error);
    min = Math.min(min, error);
    max = Math.max(max, error);
    if (!(Math.abs(error) <= worst)) [worst, worst_x] = [Math.abs(error), x];
  }
  return {
    ...range,
    inputs,
    min_rel_error: compared === 0 ? Number.NaN : min,
    max_rel_error: compared === 0 ? Number.NaN : max,
    mean_abs_rel_error: compared === 0 ? Number.NaN : sum / compared,
    max_abs_error,
    worst_x,
  };
}
