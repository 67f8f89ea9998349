import { toBits } from '../number/bf16.ts';
import type { NonlinearFunction } from './function.ts';
import { sizeOf, type ExponentWindow } from './window.ts';

/** `point`: f at the quantised input (the paper). `mean`: mean of f over all inputs that round to it. */
export type Entries = 'point' | 'mean';

/**
 * The LUT of one function (Mugi §3.1, Fig. 5): BF16 entries for every sign, mantissa and exponent of the window.
 * Row order is the hardware's: one row per (sign, mantissa), its exponents ascending.
 */
export interface Lut {
  fn: NonlinearFunction;
  window: ExponentWindow;
  mantissaBits: number;
  entries: Entries;
  /** [positive, negative], undefined where the function's domain has no such half; each [2^bits × size]. */
  halves: [Uint16Array | undefined, Uint16Array | undefined];
}

export interface LutOptions {
  window: ExponentWindow;
  mantissaBits: number;
  entries?: Entries;
  /** As the authors' code: their form of the function, rounded to float32 before BF16. */
  asPublished?: boolean;
}

/** Builds the LUT; every entry is the exact value rounded once to BF16. */
export function buildLut(fn: NonlinearFunction, options: LutOptions): Lut {
  const { window, mantissaBits, entries = 'point', asPublished = false } = options;
  const f = asPublished ? (fn.asPublished ?? fn.exact) : fn.exact;
  const half = (sign: 1 | -1): Uint16Array => {
    const size = sizeOf(window);
    const rows = 2 ** mantissaBits;
    const table = new Uint16Array(rows * size);
    for (let m = 0; m < rows; m++) {
      for (let e = 0; e < size; e++) {
        const value =
          entries === 'mean'
            ? binMean(fn.exact, sign, m, window.lo + e, mantissaBits)
            : f(sign * (1 + m / rows) * 2 ** (window.lo + e));
        table[m * size + e] = toBits(asPublished ? Math.fround(value) : value);
      }
    }
    return table;
  };
  const { domain } = fn;
  const halves: Lut['halves'] = [
    domain === 'negative' ? undefined : half(1),
    domain === 'positive' ? undefined : half(-1),
  ];
  return { fn, window, mantissaBits, entries, halves };
}

/** Pattern stored for a quantised input. */
export function entry(lut: Lut, negative: boolean, mantissa: number, exponent: number): number {
  const size = sizeOf(lut.window);
  return lut.halves[negative ? 1 : 0]![mantissa * size + exponent - lut.window.lo];
}

/** Bits of storage: what a LUT costs in iSRAM. */
export function lutBits(lut: Lut): number {
  return lut.halves.reduce((sum, half) => sum + (half?.length ?? 0) * 16, 0);
}

/**
 * Mean of f over the reals that round to (mantissa m, exponent e): half a step to each side, the lower side of
 * m = 0 lying in the binade below, where steps are half as wide. Simpson's rule, smooth f.
 */
function binMean(f: (x: number) => number, sign: number, m: number, e: number, bits: number): number {
  const step = 2 ** (e - bits);
  const centre = 2 ** e + m * step;
  const low = centre - (m === 0 ? step / 4 : step / 2);
  const high = centre + step / 2;
  const panels = 32;
  const h = (high - low) / panels;
  let sum = 0;
  for (let i = 0; i <= panels; i++) {
    const weight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * f(sign * (low + i * h));
  }
  return sum / (3 * panels);
}
