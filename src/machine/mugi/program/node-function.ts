import { toBits } from '../../../number/bf16.ts';
import { functionNamed } from '../../../vlp/function.ts';
import type { Anchor } from '../../../vlp/window.ts';
import type { NodeFunction } from './nonlinear.ts';
import { LUT_WIDTH } from '../unit/sliding-window.ts';

const BIAS = 127;

/** Functions that the node's post-processing can complete outside the window (Mugi §3.3). */
export const NODE_FUNCTIONS = ['exp', 'silu', 'gelu'] as const;
export type NodeFunctionName = (typeof NODE_FUNCTIONS)[number];

/**
 * The LUT of a function over the IEEE exponents `lo`…`hi` (8 to 12 of them), every entry the exact value rounded
 * once to BF16, and its rules outside the window.
 */
export function nodeFunction(
  name: NodeFunctionName,
  { lo, hi }: { lo: number; hi: number },
  anchor: Anchor = 'max',
): NodeFunction {
  const fn = functionNamed(name);
  const half = (sign: 1 | -1): Uint16Array => {
    const table = new Uint16Array(8 * LUT_WIDTH);
    for (let m = 0; m < 8; m++) {
      for (let e = lo; e <= hi && e - lo < LUT_WIDTH; e++) {
        table[m * LUT_WIDTH + e - lo] = toBits(fn.exact(sign * (1 + m / 8) * 2 ** e));
      }
    }
    return table;
  };
  const both = fn.domain === 'both';
  return {
    negative: half(-1),
    positive: both ? half(1) : undefined,
    window: { low: lo + BIAS, high: hi + BIAS, anchor },
    outside: { zero: toBits(fn.zero), passPositive: both },
  };
}
