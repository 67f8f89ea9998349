import { round } from '../number/bf16.ts';
import { checkMask, checkTensors } from '../vlp/check.ts';
import { exactActivation } from '../vlp/exact-activations.ts';
import { exactSoftmaxRow } from '../vlp/exact-softmax.ts';
import type { NonlinearFunction } from '../vlp/function.ts';
import {
  type Approximation,
  type ElementwiseOperator,
  EVERYWHERE,
  type SoftmaxOperator,
} from './approximation.ts';
import { recordRegions, recordSoftmaxRegions } from './regions.ts';

export interface PreciseOptions {
  /**
   * `float32` (default): double-precision functions of the float32 input, rounded to float32: the reference.
   * `bf16`: input and result are rounded to BF16, exactly evaluated in between: the best a BF16 unit can do.
   */
  rounding?: 'float32' | 'bf16';
}

/** Exact evaluation: the vector unit of MAC lanes with full routines (Mugi §5.2.2, "Precise"). */
export function precise({ rounding = 'float32' }: PreciseOptions = {}): Approximation {
  const bf16 = rounding === 'bf16';
  return {
    method: 'precise',
    label: bf16 ? 'precise, rounded to BF16' : 'precise',
    supports: () => true,
    interval: () => EVERYWHERE,
    elementwise: (fn) => elementwise(fn, bf16),
    softmax: () => softmax(bf16),
  };
}

function elementwise(fn: NonlinearFunction, bf16: boolean): ElementwiseOperator {
  const f = (bf16 ? undefined : exactActivation(fn.name)) ?? fn.exact;
  return {
    name: fn.name,
    apply(x, out, rows, cols, { statistics, regions } = {}) {
      checkTensors(fn.name, x, out, rows, cols);
      if (regions !== undefined) recordRegions(regions, x, EVERYWHERE);
      const n = rows * cols;
      if (bf16) for (let i = 0; i < n; i++) out[i] = round(f(round(x[i])));
      else for (let i = 0; i < n; i++) out[i] = f(x[i]);
      if (statistics === undefined) return;
      statistics.total += n;
      statistics.inside += n;
    },
  };
}

function softmax(bf16: boolean): SoftmaxOperator {
  return {
    name: 'softmax',
    apply(scores, out, rows, cols, options = {}) {
      checkTensors('softmax', scores, out, rows, cols);
      checkMask('softmax', rows, cols, options);
      const { masked, lengths, statistics, regions } = options;
      if (regions !== undefined) recordSoftmaxRegions(regions, scores, cols, options, EVERYWHERE);
      let dead = 0;
      for (let r = 0; r < rows; r++) {
        const begin = r * cols;
        const end = begin + (lengths === undefined ? cols : lengths[r]);
        dead += exactSoftmaxRow(scores, out, begin, end, masked, bf16);
        out.fill(0, end, begin + cols);
        dead += begin + cols - end;
      }
      if (statistics === undefined) return;
      statistics.total += rows * cols;
      statistics.masked += dead;
      statistics.inside += rows * cols - dead;
    },
  };
}
