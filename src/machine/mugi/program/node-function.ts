import { toBits } from '../../../number/bf16.ts';
import { functionNamed } from '../../../vlp/function.ts';
import { buildLut, type Entries } from '../../../vlp/lut.ts';
import { DEFAULT_WINDOW } from '../../../vlp/mode.ts';
import { type Anchor, type ExponentWindow, sizeOf } from '../../../vlp/window.ts';
import type { NodeFunction } from './nonlinear.ts';
import { CODE_BITS, LUT_EXPONENTS, LUT_ROWS } from '../../../vlp/array.ts';

const BIAS = 127;

/** Functions that the node's post-processing can complete outside the window (Mugi §3.3). */
export const NODE_FUNCTIONS = ['exp', 'silu', 'gelu'] as const;
export type NodeFunctionName = (typeof NODE_FUNCTIONS)[number];

/** The LUT windows of the functions when nothing else is said: 8 exponents of exp, 11 of the activations. */
export const DEFAULT_WINDOWS: Readonly<Record<NodeFunctionName, ExponentWindow>> = {
  exp: DEFAULT_WINDOW,
  silu: { lo: -6, hi: 4 },
  gelu: { lo: -6, hi: 4 },
};

/**
 * The LUT of a function over the IEEE exponents `lo`…`hi` (8 to 12 of them), every entry the exact value rounded
 * (or the mean over what rounds to it) once to BF16, and its rules outside the window.
 */
export function nodeFunction(
  name: NodeFunctionName,
  { lo, hi }: ExponentWindow,
  anchor: Anchor = 'max',
  entries: Entries = 'point',
): NodeFunction {
  const fn = functionNamed(name);
  const [positive, negative] = buildLut(fn, { window: { lo, hi }, mantissaBits: CODE_BITS, entries }).halves;
  const size = sizeOf({ lo, hi });
  const both = fn.domain === 'both';
  return {
    negative: padded(negative!, size),
    positive: positive && padded(positive, size),
    window: { low: lo + BIAS, high: hi + BIAS, anchor },
    outside: { zero: toBits(fn.zero), passPositive: both },
  };
}

/** Rows of `size` entries as rows of the LUT memory, which are as wide as the widest window. */
function padded(half: Uint16Array, size: number): Uint16Array {
  const table = new Uint16Array(LUT_ROWS * LUT_EXPONENTS);
  const width = Math.min(size, LUT_EXPONENTS);
  for (let m = 0; m < LUT_ROWS; m++) table.set(half.subarray(m * size, m * size + width), m * LUT_EXPONENTS);
  return table;
}
