import { add, fromBits, isNaN, multiply, NAN, toBits } from '../../src/number/bf16.ts';
import { type Window, windowLow } from '../../src/node/e-proc.ts';
import type { GemmJob } from '../../src/node/gemm.ts';
import type { NodeFunction, NonlinearJob } from '../../src/node/nonlinear.ts';

/** A seeded generator: the tests are the same on every machine and run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CORNERS = [0, 0x8000, 1, 0x8001, 0x7f, 0x80, 0x7f80, 0xff80, 0x7fc0, 0xffc1, 0x7f7f, 0xff7f, 0x3f80];

/** BF16 patterns of ordinary size, with one in eight a corner case or any pattern at all. */
export function patterns(next: () => number, count: number, corners = true): Uint16Array {
  return Uint16Array.from({ length: count }, () => {
    const kind = next();
    if (corners && kind < 1 / 16) return CORNERS[Math.floor(next() * CORNERS.length)];
    if (corners && kind < 1 / 8) return Math.floor(next() * 65536);
    return toBits((next() * 2 - 1) * 2 ** Math.floor(next() * 12 - 7));
  });
}

export const weights = (next: () => number, count: number): Int8Array =>
  Int8Array.from({ length: count }, () => Math.floor(next() * 15) - 7);

/** The GEMM by its definition, one product and one rounding after the other. */
export function gemmReference(job: GemmJob): Uint16Array {
  const { m, k, n, groupSize = k } = job;
  const groups = Math.ceil(k / groupSize);
  const output = new Uint16Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let g = 0; g < groups; g++) {
        let sum = 0;
        for (let q = g * groupSize; q < Math.min(k, (g + 1) * groupSize); q++) {
          const weight = job.weights[j * k + q];
          const product = toBits(weight * fromBits(job.activations[i * k + q]));
          sum =
            job.accumulation === 'fp32'
              ? Math.fround(sum + fromBits(product))
              : fromBits(add(toBits(sum), product));
        }
        const scaled = multiply(toBits(sum), job.scales?.[j * groups + g] ?? 0x3f80);
        total = g === 0 ? scaled : add(scaled, total);
      }
      output[i * n + j] = total;
    }
  }
  return output;
}

/** The LUT of `f` over a window, entries rounded once. */
export function lutOf(f: (x: number) => number, sign: 1 | -1, { low, high }: Window): Uint16Array {
  const table = new Uint16Array(8 * 12);
  for (let m = 0; m < 8; m++) {
    for (let e = low; e <= high; e++)
      table[m * 12 + e - low] = toBits(f(sign * (1 + m / 8) * 2 ** (e - 127)));
  }
  return table;
}

const window = (low: number, high: number, anchor: 'max' | 'min'): Window => ({
  low: low + 127,
  high: high + 127,
  anchor,
});

const silu = (x: number) => x / (1 + Math.exp(-x));

export function siluFunction(low = -6, high = 4, anchor: 'max' | 'min' = 'max'): NodeFunction {
  const w = window(low, high, anchor);
  return {
    negative: lutOf(silu, -1, w),
    positive: lutOf(silu, 1, w),
    window: w,
    outside: { zero: 0, passPositive: true },
  };
}

export function expFunction(low = -4, high = 3, anchor: 'max' | 'min' = 'max'): NodeFunction {
  const w = window(low, high, anchor);
  return { negative: lutOf(Math.exp, -1, w), window: w, outside: { zero: 0x3f80, passPositive: false } };
}

/** Mantissa rounding by arithmetic instead of by bits: [exponent, magnitude]. */
function split(x: number): [number, number] {
  let exponent = Math.floor(Math.log2(Math.abs(x)));
  if (2 ** exponent > Math.abs(x)) exponent--;
  const eighths = (Math.abs(x) / 2 ** exponent) * 8;
  const floor = Math.floor(eighths);
  const rest = eighths - floor;
  const q = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  return q === 16 ? [exponent + 1, 0] : [exponent, q - 8];
}

const small = (bits: number) => (bits & 0x7f80) === 0;

/** One mapping by the algorithm of the paper (Mugi §3): the inputs that share a window. */
export function mapping(f: NodeFunction, group: readonly number[], live: readonly boolean[]): number[] {
  const exponents = group.flatMap((bits, i) => {
    if (!live[i] || small(bits) || isNaN(bits)) return [];
    return (bits & 0x7fff) === 0x7f80 ? [] : [split(fromBits(bits))[0] + 127];
  });
  const { anchor } = f.window;
  const extreme = exponents.length === 0 ? (anchor === 'max' ? 0 : 255) : Math[anchor](...exponents);
  const low = windowLow(extreme, f.window);
  return group.map((bits, i) => {
    if (!live[i]) return 0;
    if (isNaN(bits)) return NAN;
    if (small(bits)) return f.outside.zero;
    const negative = (bits & 0x8000) !== 0;
    if (!negative && f.positive === undefined) return NAN;
    const [exponent, magnitude] = (bits & 0x7fff) === 0x7f80 ? [128, 0] : split(fromBits(bits));
    if (exponent + 127 < low) return f.outside.zero;
    if (exponent + 127 > low + 7) return f.outside.passPositive && !negative ? bits : 0;
    const half = f.positive === undefined || negative ? f.negative : f.positive;
    return half[magnitude * 12 + exponent + 127 - f.window.low];
  });
}

export function functionReference({ function: f, rows, input, height, width }: NonlinearJob): Uint16Array {
  const output = new Uint16Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let base = 0; base < width; base += rows) {
      const group = [...input.subarray(row * width + base, row * width + Math.min(width, base + rows))];
      output.set(
        mapping(
          f,
          group,
          group.map(() => true),
        ),
        row * width + base,
      );
    }
  }
  return output;
}

/** Softmax as the node computes it: maximum, subtraction, exponentials, sum, reciprocal, product. */
export function softmaxReference(job: NonlinearJob): Uint16Array {
  const { rows, height, width, input, mask, accumulation } = job;
  const output = new Uint16Array(height * width);
  const dead = (at: number) => mask !== undefined && mask[at] !== 0;
  for (let base = 0; base < height; base += rows) {
    const tile = Array.from({ length: Math.min(rows, height - base) }, (_, i) => base + i);
    const maxima = tile.map((row) => {
      let max = Number.NEGATIVE_INFINITY;
      for (let key = 0; key < width; key++) {
        const x = fromBits(input[row * width + key]);
        if (!dead(row * width + key) && !(x <= max)) max = x;
        if (Number.isNaN(max)) break;
      }
      return max;
    });
    const sums = tile.map(() => 0);
    for (let key = 0; key < width; key++) {
      const at = tile.map((row) => row * width + key);
      const shifted = at.map((a, i) =>
        maxima[i] === Number.NEGATIVE_INFINITY ? input[a] : add(input[a], toBits(-maxima[i])),
      );
      const values = mapping(
        job.function,
        shifted,
        at.map((a) => !dead(a)),
      );
      values.forEach((value, i) => {
        output[at[i]] = value;
        sums[i] =
          accumulation === 'fp32'
            ? Math.fround(sums[i] + fromBits(value))
            : fromBits(add(toBits(sums[i]), value));
      });
    }
    tile.forEach((row, i) => {
      const sum = fromBits(toBits(sums[i]));
      const factor = sum === 0 ? 0 : toBits(1 / sum);
      for (let key = 0; key < width; key++) {
        const at = row * width + key;
        output[at] = dead(at) ? 0 : multiply(output[at], factor);
      }
    });
  }
  return output;
}
