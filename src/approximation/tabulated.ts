import * as bf16 from '../number/bf16.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import type { Statistics } from '../vlp/statistics.ts';
import { checkMask, checkTensors } from '../vlp/check.ts';
import type { ElementwiseOperator, Interval, SoftmaxOperator } from './approximation.ts';
import { recordRegions, recordSoftmaxRegions } from './regions.ts';

/**
 * A baseline is a function of one BF16, so all its answers are one table of 65,536 patterns. What the methods
 * have in common stands here: rounding of the input, NaN, and the softmax around the exponential.
 */
function tabulated(f: (x: number) => number): Float32Array {
  const values = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const x = bf16.fromBits(bits);
    values[bits] = Number.isNaN(x) ? Number.NaN : bf16.round(f(x));
  }
  return values;
}

/** The operator of a function that is approximated within `interval`. */
export function elementwiseOf(
  fn: NonlinearFunction,
  f: (x: number) => number,
  interval: Interval,
): ElementwiseOperator {
  const values = tabulated(f);
  return {
    name: fn.name,
    apply(x, out, rows, cols, { statistics, regions } = {}) {
      checkTensors(fn.name, x, out, rows, cols);
      if (regions !== undefined) recordRegions(regions, x, interval);
      for (let i = 0; i < rows * cols; i++) out[i] = values[bf16.toBits(x[i])];
      addTo(statistics, rows * cols, 0);
    },
  };
}

/** Softmax with the given exponential for x ≤ 0: BF16 scores, float32 sum rounded to BF16, true division. */
export function softmaxOf(exp: (x: number) => number, interval: Interval): SoftmaxOperator {
  const values = tabulated((x) => (x === -Infinity ? 0 : exp(x)));
  return {
    name: 'softmax',
    apply(scores, out, rows, cols, options = {}) {
      checkTensors('softmax', scores, out, rows, cols);
      checkMask('softmax', rows, cols, options);
      const { masked, lengths, statistics, regions } = options;
      if (regions !== undefined) recordSoftmaxRegions(regions, scores, cols, options, interval);
      let excluded = 0;
      for (let r = 0; r < rows; r++) {
        const begin = r * cols;
        const end = begin + (lengths === undefined ? cols : lengths[r]);
        let max = -Infinity;
        for (let i = begin; i < end; i++) {
          if (masked !== undefined && masked[i] !== 0) continue;
          if (!(scores[i] <= max)) max = scores[i];
        }
        // Scores that round to −∞ are that: their exp is 0, measured against anything finite.
        const rounded = bf16.round(max);
        const top = rounded === -Infinity ? 0 : rounded;
        let sum = 0;
        for (let i = begin; i < begin + cols; i++) {
          if (i >= end || (masked !== undefined && masked[i] !== 0)) {
            out[i] = 0;
            excluded += 1;
            continue;
          }
          const p = values[bf16.toBits(bf16.round(scores[i]) - top)];
          out[i] = p;
          sum = Math.fround(sum + p);
        }
        if (sum === 0) continue;
        const divisor = bf16.round(sum);
        for (let i = begin; i < end; i++) out[i] = bf16.round(out[i] / divisor);
      }
      addTo(statistics, rows * cols - excluded, excluded);
    },
  };
}

function addTo(statistics: Statistics | undefined, inside: number, masked: number): void {
  if (statistics === undefined) return;
  statistics.total += inside + masked;
  statistics.inside += inside;
  statistics.masked += masked;
}
