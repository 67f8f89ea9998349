import { FLOAT16, roundTo } from '../number/rounding.ts';
import { type Approximation, EVERYWHERE, type Interval, unsupported } from './approximation.ts';
import { precise } from './precise.ts';
import { elementwiseOf } from './tabulated.ts';

/** Where hard-swish bends; beyond, it is 0 or x. */
const HARD_SWISH: Interval = { from: -3, to: 3 };

/**
 * Partial approximation as published: the hard-swish of MobileNetV3, x·relu6(x + 3)/6, in place of SiLU, computed
 * in FP16. Softmax stays exact, rounded to BF16; other functions have no partial approximation.
 */
export function partial(): Approximation {
  return {
    method: 'partial',
    label: 'partial: hard-swish',
    supports: (name) => name === 'silu' || name === 'softmax',
    interval: (name) => (name === 'silu' ? HARD_SWISH : EVERYWHERE),
    elementwise(fn) {
      if (fn.name !== 'silu') throw unsupported('the partial approximation', fn.name, 'silu');
      return elementwiseOf(fn, hardSwish, HARD_SWISH);
    },
    softmax: () => precise({ rounding: 'bf16' }).softmax(),
  };
}

function hardSwish(x: number): number {
  if (x === -Infinity) return 0;
  return float16(float16(x * float16(Math.min(6, Math.max(0, float16(x + 3))))) / 6);
}

function float16(x: number): number {
  return roundTo(x, FLOAT16);
}
