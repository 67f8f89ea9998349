import * as bf16 from '../number/bf16.ts';
import { FLOAT16, roundTo } from '../number/rounding.ts';
import { checkSoftmax } from './check.ts';
import { NEUTRAL } from './input-split.ts';
import type { VlpConfig } from './mode.ts';
import type { SoftmaxCall } from './softmax-call.ts';
import { REGIONS } from './statistics.ts';
import type { Tables } from './tables.ts';

/** The FP16 minimum, which the authors' models add to scores that are not to be seen. */
const MASK = -65504;
/** Scores at or below this count as masked, and then only in the choice of the window. */
const MASKED_FROM = -65500;

/**
 * Softmax as the authors' accuracy code computes it. It differs from `createSoftmax` in that
 * - a mask is added in FP16, where −65504 + score overflows to −∞ for scores ≤ −16; −∞ reports exponent 0, is
 *   therefore not seen as above the LUT, and comes out between e^−1.875 and e^−1: the mask leaks;
 * - zeros and masked entries take part in window selection with exponent 0; with hi < 0 a row may be 0/0 = NaN;
 * - a group is `group` rows a fixed stride apart, {g, g + N/W, g + 2N/W, …};
 * - probabilities are true quotients.
 */
export function createArtifactSoftmax(tables: Tables, config: VlpConfig): (call: SoftmaxCall) => void {
  return (call) => {
    const { rows, cols, out } = call;
    checkSoftmax(call);
    const patterns = new Uint16Array(rows * cols);
    const voting = new Int16Array(rows * cols);
    for (let r = 0; r < rows; r++) {
      subtract(call, r, patterns.subarray(r * cols, (r + 1) * cols), config.float16);
    }
    for (let i = 0; i < rows * cols; i++) {
      const bits = patterns[i];
      voting[i] = bf16.fromBits(bits) <= MASKED_FROM ? 0 : tables.voting[bits];
    }
    const inputs = { patterns, voting, largest: config.anchor === 'max' };
    const stride = Math.ceil(rows / config.group);
    for (let g = 0; g < stride; g++) {
      for (let k = 0; k < cols; k++) lookUpGroup(call, tables, inputs, { first: g, stride, key: k });
    }
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let i = r * cols; i < (r + 1) * cols; i++) sum = Math.fround(sum + out[i]);
      const divisor = bf16.round(sum);
      for (let i = r * cols; i < (r + 1) * cols; i++) {
        const y = bf16.round(out[i] / divisor);
        out[i] = config.float16 ? roundTo(y, FLOAT16) : y;
      }
    }
  };
}

function subtract(call: SoftmaxCall, row: number, patterns: Uint16Array, float16: boolean): void {
  const { scores, cols, masked, lengths } = call;
  const length = lengths === undefined ? cols : lengths[row];
  let max = -Infinity;
  for (let k = 0; k < cols; k++) {
    const i = row * cols + k;
    let x = float16 ? roundTo(scores[i], FLOAT16) : scores[i];
    if (k >= length || (masked !== undefined && masked[i] !== 0))
      x = roundTo(roundTo(x, FLOAT16) + MASK, FLOAT16);
    const bits = bf16.toBits(x);
    patterns[k] = bits;
    if (!(bf16.fromBits(bits) <= max)) max = bf16.fromBits(bits);
  }
  const top = bf16.toBits(max);
  for (let k = 0; k < cols; k++) patterns[k] = bf16.subtract(patterns[k], top);
}

/** Exponentials of the rows `first`, `first + stride`, … at one key, which share a window. */
function lookUpGroup(
  call: SoftmaxCall,
  tables: Tables,
  { patterns, voting, largest }: { patterns: Uint16Array; voting: Int16Array; largest: boolean },
  { first, stride, key }: { first: number; stride: number; key: number },
): void {
  const { rows, cols, out, statistics } = call;
  let extreme: number | undefined;
  for (let r = first; r < rows; r += stride) {
    const exponent = voting[r * cols + key];
    if (exponent === NEUTRAL) continue;
    if (extreme === undefined || (largest ? exponent > extreme : exponent < extreme)) extreme = exponent;
  }
  const { values, regions } = tables.at(extreme);
  for (let r = first; r < rows; r += stride) {
    const bits = patterns[r * cols + key];
    out[r * cols + key] = values[bits];
    if (call.regions !== undefined) call.regions[r * cols + key] = regions[bits];
    if (statistics === undefined) continue;
    statistics.total += 1;
    statistics[REGIONS[regions[bits]]!] += 1;
  }
}
