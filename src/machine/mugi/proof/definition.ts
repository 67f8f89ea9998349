import { add, decode, fromBits, isNaN, multiply, NAN, ONE, toBits } from '../../../number/bf16.ts';
import { NODE_ARITHMETIC } from '../../../vlp/gemm.ts';
import { LUT_EXPONENTS } from '../../../vlp/array.ts';
import { rowSum } from '../../../vlp/row-sum.ts';
import { arrayDefinition } from '../../array/definition.ts';
import type { GemmJob } from '../program/gemm.ts';
import type { NodeFunction, NonlinearJob } from '../program/nonlinear.ts';

/**
 * What the node must compute, by arithmetic alone: no cycles, no units, numbers instead of bit tricks. GEMM with BF16
 * sums is the definition of `src/vlp`; rounding a mantissa and placing a sliding window are a second route, which shares
 * nothing with `src/vlp` and the units on purpose. Tests compare the cycle model and the RTL with it, and
 * `mugi simulate` every run.
 */
export function gemmDefinition(job: GemmJob): Uint16Array {
  const { k, groupSize = k, chain, accumulation } = job;
  return accumulation === 'fp32'
    ? singlePrecision(job)
    : arrayDefinition(job, groupSize, { ...NODE_ARITHMETIC, chain });
}

/** Partial sums in FP32, rounded to BF16 where they leave the row for the vector unit, which works in BF16. */
function singlePrecision(job: GemmJob): Uint16Array {
  const { m, k, n, groupSize = k } = job;
  const groups = Math.ceil(k / groupSize);
  const scales = job.scales ?? new Uint16Array(n * groups).fill(ONE);
  const chain = Math.min(job.chain ?? groupSize, groupSize);
  const output = new Uint16Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let from = 0, to = 0; from < k; from = to) {
        const g = Math.floor(from / groupSize);
        to = Math.min(k, from + chain, (g + 1) * groupSize);
        let sum = 0;
        for (let q = from; q < to; q++) {
          const product = toBits(job.weights[j * k + q] * fromBits(job.activations[i * k + q]));
          sum = accumulate(sum, product, true);
        }
        const scaled = multiply(toBits(sum), scales[j * groups + g]);
        total = from === 0 ? scaled : add(scaled, total);
      }
      output[i * n + j] = total;
    }
  }
  return output;
}

/** An element-wise function: H consecutive elements of a row share a sliding window. */
export function functionDefinition({ function: f, rows, input, height, width }: NonlinearJob): Uint16Array {
  const output = new Uint16Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let base = 0; base < width; base += rows) {
      const from = row * width + base;
      const group = [...input.subarray(from, from + Math.min(rows, width - base))];
      output.set(mapping(f, group), from);
    }
  }
  return output;
}

/** Softmax: maximum, subtraction, exponentials, sum, reciprocal, product; H rows at one key share a window. */
export function softmaxDefinition(job: NonlinearJob): Uint16Array {
  const { rows, height, width, input, mask } = job;
  const { accumulation = 'bf16' } = job;
  const output = new Uint16Array(height * width);
  const dead = (at: number): boolean => mask !== undefined && mask[at] !== 0;
  for (let base = 0; base < height; base += rows) {
    const tile = Array.from({ length: Math.min(rows, height - base) }, (_, i) => base + i);
    const maxima = tile.map((row) => {
      const live = [...input.subarray(row * width, (row + 1) * width)].filter(
        (_, key) => !dead(row * width + key),
      );
      return live.map(fromBits).reduce((a, b) => Math.max(a, b), -Infinity);
    });
    for (let key = 0; key < width; key++) {
      const at = tile.map((row) => row * width + key);
      const shifted = at.map((a, i) =>
        maxima[i] === -Infinity ? input[a] : add(input[a], toBits(-maxima[i])),
      );
      const values = mapping(
        job.function,
        shifted,
        at.map((a) => !dead(a)),
      );
      values.forEach((value, i) => {
        output[at[i]] = value;
      });
    }
    tile.forEach((row) => {
      const exponentials = decode(output.subarray(row * width, (row + 1) * width));
      const sum = fromBits(toBits(rowSum(exponentials, 0, width, accumulation)));
      const factor = sum === 0 ? 0 : toBits(1 / sum);
      for (let key = 0; key < width; key++) {
        const at = row * width + key;
        output[at] = dead(at) ? 0 : multiply(output[at], factor);
      }
    });
  }
  return output;
}

/** One mapping (Mugi §3): the values that share a sliding window, those that are not live giving 0. */
function mapping(f: NodeFunction, group: readonly number[], live?: readonly boolean[]): number[] {
  const { low, high, anchor } = f.window;
  const exponents = group.flatMap((bits, i) =>
    live?.[i] === false || isSmall(bits) || (bits & 0x7f80) === 0x7f80
      ? []
      : [split(fromBits(bits)).exponent],
  );
  const extreme = exponents.length === 0 ? high : Math[anchor](...exponents);
  const bottom =
    anchor === 'max' ? Math.max(low, Math.min(high, extreme) - 7) : Math.min(high, Math.max(low, extreme));
  return group.map((bits, i) => {
    if (live?.[i] === false) return 0;
    if (isNaN(bits)) return NAN;
    if (isSmall(bits)) return f.outside.zero;
    const positive = (bits & 0x8000) === 0;
    const half = positive ? f.positive : f.negative;
    if (half === undefined) return NAN;
    const infinite = (bits & 0x7fff) === 0x7f80;
    const { exponent, magnitude } = infinite ? { exponent: 255, magnitude: 0 } : split(fromBits(bits));
    if (exponent < bottom) return f.outside.zero;
    if (exponent > Math.min(bottom + 7, high)) return positive ? bits : 0;
    return half[magnitude * LUT_EXPONENTS + exponent - low];
  });
}

/** Zero or subnormal. */
const isSmall = (bits: number): boolean => (bits & 0x7f80) === 0;

/** Biased exponent and 3-bit magnitude of a normal number, the mantissa rounded to nearest even with carry. */
function split(x: number): { exponent: number; magnitude: number } {
  let power = Math.floor(Math.log2(Math.abs(x)));
  while (2 ** power > Math.abs(x)) power--;
  while (2 ** (power + 1) <= Math.abs(x)) power++;
  const eighths = (Math.abs(x) / 2 ** power) * 8;
  const floor = Math.floor(eighths);
  const rest = eighths - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  return rounded === 16
    ? { exponent: power + 128, magnitude: 0 }
    : { exponent: power + 127, magnitude: rounded - 8 };
}

function accumulate(sum: number, bits: number, single: boolean): number {
  return single ? Math.fround(sum + fromBits(bits)) : fromBits(add(toBits(sum), bits));
}
