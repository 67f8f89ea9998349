import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { fromBits, toBits } from '../number/bf16.ts';
import { MAXIMUM } from '../number/int4.ts';
import { roundHalfEven } from '../number/rounding.ts';

/**
 * An INT4 operand W of y = x·Wᵀ with BF16 scales. A group of values shares one scale, and lies
 * - along `inner` (weights; a token's key over channels): scale [outputs][⌈inner ∕ groupSize⌉], applied to the sums of
 *   the group after the GEMM;
 * - along `outer` (a token's value over channels): scale
 *   [⌈outputs ∕ groupSize⌉][inner]. It differs from one inner index to the next, so no factor can follow the sum;
 *   it is folded into the BF16 activations before it.
 */
export interface QuantizedMatrix {
  readonly outputs: number;
  readonly inner: number;
  /** −7 … 7, row-major [outputs][inner]. */
  readonly values: Int8Array;
  /** BF16 patterns. */
  readonly scales: Uint16Array;
  readonly axis: 'inner' | 'outer';
  readonly groupSize: number;
  /** Values beyond ±7 that were clipped: only where scale or input cannot express them. */
  readonly clipped: number;
}

export interface GroupOptions {
  axis: 'inner' | 'outer';
  groupSize: number;
  /** What a last group with fewer values is: an error (default), or allowed. */
  tail?: 'refuse' | 'short';
}

/**
 * Symmetric quantisation: scale = BF16(max|v| ∕ 7), value = v ∕ scale to nearest, ties to even. A group of zeros has
 * scale 1. With FP32 input nothing is clipped, unless a scale is subnormal and so too coarse.
 * @param matrix row-major [outputs][inner]
 * @throws MugiError on sizes that do not fit, groups that do not divide, NaN and INF
 */
export function quantize(
  matrix: Float32Array,
  outputs: number,
  inner: number,
  options: GroupOptions,
): QuantizedMatrix {
  wholeNumber('outputs', outputs, 1, 2 ** 30);
  wholeNumber('inner', inner, 1, 2 ** 30);
  const { axis, groupSize } = options;
  if (axis !== 'inner' && axis !== 'outer')
    throw unknownName('axis', String(axis), ['inner', 'outer'], 'axis');
  const along = axis === 'inner' ? inner : outputs;
  const across = axis === 'inner' ? outputs : inner;
  checkGroups(along, groupSize, options.tail ?? 'refuse');
  if (matrix.length !== outputs * inner) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a matrix does not fit its shape',
      expected: `${outputs * inner} values for ${outputs} × ${inner}`,
      received: `${matrix.length} values`,
    });
  }
  const groups = Math.ceil(along / groupSize);
  const stepAlong = axis === 'inner' ? 1 : inner;
  const stepAcross = axis === 'inner' ? inner : 1;
  const values = new Int8Array(matrix.length);
  const scales = new Uint16Array(groups * across);
  let clipped = 0;
  for (let line = 0; line < across; line++) {
    for (let g = 0; g < groups; g++) {
      const start = line * stepAcross + g * groupSize * stepAlong;
      const count = Math.min(groupSize, along - g * groupSize);
      const bits = scaleBits(matrix, start, stepAlong, count);
      scales[axis === 'inner' ? line * groups + g : g * inner + line] = bits;
      const scale = fromBits(bits);
      for (let i = 0, at = start; i < count; i++, at += stepAlong) {
        const magnitude = roundHalfEven(Math.abs(matrix[at]) / scale);
        if (magnitude > MAXIMUM) clipped++;
        values[at] = Math.sign(matrix[at]) * Math.min(MAXIMUM, magnitude);
      }
    }
  }
  return { outputs, inner, values, scales, axis, groupSize, clipped };
}

/** Weights [outputs][inner] for weight-only quantisation: groups along the inner index. */
export function quantizeWeights(
  weights: Float32Array,
  outputs: number,
  inner: number,
  groupSize = 128,
): QuantizedMatrix {
  return quantize(weights, outputs, inner, { axis: 'inner', groupSize });
}

/**
 * Keys [tokens][channels] of one head as the operand of q·Kᵀ: a scale per token for each `groupSize` channels (default:
 * the whole head). A token is an output there, so that its scale follows the sum, as a weight's does.
 */
export function quantizeKeys(
  keys: Float32Array,
  tokens: number,
  channels: number,
  groupSize = channels,
): QuantizedMatrix {
  return quantize(keys, tokens, channels, { axis: 'inner', groupSize });
}

/**
 * Values [tokens][channels] of one head as the operand of p·V, which is stored transposed, [channels][tokens]:
 * a scale per token for each `groupSize` channels (default: the whole head).
 */
export function quantizeValues(
  values: Float32Array,
  tokens: number,
  channels: number,
  groupSize = channels,
): QuantizedMatrix {
  const transposed = new Float32Array(values.length);
  for (let t = 0; t < tokens; t++) {
    for (let c = 0; c < channels; c++) transposed[c * tokens + t] = values[t * channels + c];
  }
  return quantize(transposed, channels, tokens, { axis: 'outer', groupSize });
}

/** The FP32 matrix that the integers and scales stand for, row-major [outputs][inner]. */
export function dequantize(matrix: QuantizedMatrix): Float32Array {
  const { inner, values, scales, axis, groupSize } = matrix;
  const groups = Math.ceil(inner / groupSize);
  return Float32Array.from(values, (value, at) => {
    const o = Math.floor(at / inner);
    const i = at % inner;
    const place =
      axis === 'inner' ? o * groups + Math.floor(i / groupSize) : Math.floor(o / groupSize) * inner + i;
    return value * fromBits(scales[place]);
  });
}

function scaleBits(matrix: Float32Array, start: number, step: number, count: number): number {
  let maximum = 0;
  for (let i = 0, at = start; i < count; i++, at += step) {
    const magnitude = Math.abs(matrix[at]);
    if (!(magnitude < Infinity)) {
      throw notFinite(String(matrix[at]), `element ${at}`);
    }
    if (magnitude > maximum) maximum = magnitude;
  }
  return scaleFor(maximum);
}

/**
 * BF16 pattern of the scale of a group whose largest magnitude is `maximum`.
 * @throws MugiError for NaN and infinity
 */
export function scaleFor(maximum: number): number {
  if (!(maximum < Infinity)) throw notFinite(String(maximum));
  // A maximum that BF16 cannot divide by 7 any more quantises to zeros, like a group of zeros.
  return toBits(maximum / MAXIMUM) || toBits(1);
}

function notFinite(received: string, path?: string): MugiError {
  return new MugiError({
    code: 'invalid-value',
    message: 'only finite values can be quantised',
    path,
    expected: 'a finite number',
    received,
  });
}

/** Sizes of groups along `length` values. */
function checkGroups(length: number, groupSize: number, tail: 'refuse' | 'short'): void {
  wholeNumber('group size', groupSize, 1, 2 ** 30);
  if (tail === 'short' || length % groupSize === 0) return;
  const divisors = [];
  for (let d = 1; d <= length; d++) if (length % d === 0) divisors.push(d);
  const nearest = divisors.reduce((a, b) => (Math.abs(b - groupSize) < Math.abs(a - groupSize) ? b : a));
  throw new MugiError({
    code: 'invalid-value',
    message: `group size ${groupSize} does not divide ${length}`,
    path: 'group size',
    expected: `a divisor of ${length}`,
    received: String(groupSize),
    nearest: String(nearest),
  });
}
