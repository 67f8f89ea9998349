import * as bf16 from '../number/bf16.ts';
import { inputSplit } from './input-split.ts';
import type { NonlinearFunction } from './function.ts';
import { buildLut, entry, type Entries, type Lut } from './lut.ts';
import type { ExponentWindow } from './window.ts';
import { CODE_BITS } from './array.ts';

/*
 * 1/x and 1/√x by VLP. The mantissa selects one of 2^bits entries in time (for 1/√x one of two halves by the
 * exponent's parity); the exponent is negated, or halved and negated, by an adder. No window, no clamping: every
 * normal input is served. A Newton step, two more multiplications in the vector unit, squares the error.
 */

export interface ReciprocalOptions {
  /** Default 3. */
  mantissaBits?: number;
  /** Default `mean`: the mean over the rounding bin halves the bias of `point`. */
  entries?: Entries;
  /** Newton steps in BF16 arithmetic; default 0. */
  newton?: 0 | 1 | 2;
}

/** What is stored of a function whose exponents are handled by arithmetic: a few binades. */
export interface LutSeed {
  fn: NonlinearFunction;
  window: ExponentWindow;
}

/** A function of positive numbers for the LUT builder; nothing is ever looked up outside its window. */
export function seedOf(
  name: string,
  title: string,
  exact: (x: number) => number,
  window: ExponentWindow,
): LutSeed {
  const above = { positive: 'saturate', negative: 'saturate' } as const;
  return { fn: { name, title, exact, domain: 'positive', above, zero: exact(0), monotone: false }, window };
}

export const RECIPROCAL = seedOf('reciprocal', '1/x', (x) => 1 / x, { lo: 0, hi: 0 });
/** Two binades: by the parity of the exponent. */
export const INVERSE_SQRT = seedOf('inverse-sqrt', '1/√x', (x) => 1 / Math.sqrt(x), { lo: 0, hi: 1 });

const cache = new Map<string, Uint16Array>();

/** [65536] BF16 patterns of 1/x by VLP: ±0 → ±∞, ±∞ → ±0, subnormals count as zero, NaN → NaN. */
export function reciprocalTable(options: ReciprocalOptions = {}): Uint16Array {
  return memo('reciprocal', RECIPROCAL, options, (bits, lut, newton) => {
    const sign = bits & 0x8000;
    const magnitude = bits & 0x7fff;
    if (magnitude < 0x80) return sign | bf16.INFINITY;
    if (magnitude === bf16.INFINITY) return sign;
    const { exponent, mantissa } = inputSplit(lut.mantissaBits);
    const stored = bf16.fromBits(entry(lut, false, mantissa[magnitude], 0));
    let y = bf16.flush(bf16.toBits(stored * 2 ** -exponent[magnitude]));
    for (let i = 0; i < newton; i++) {
      // y ← y·(2 − x·y), each operation rounded to BF16.
      y = bf16.multiply(y, bf16.subtract(0x4000, bf16.multiply(magnitude, y, true), true), true);
    }
    return sign | y;
  });
}

/** [65536] BF16 patterns of 1/√x by VLP: ±0 → +∞, +∞ → 0, negative → NaN, subnormals count as zero. */
export function inverseSqrtTable(options: ReciprocalOptions = {}): Uint16Array {
  return memo('inverse-sqrt', INVERSE_SQRT, options, (bits, lut, newton) => {
    if ((bits & 0x7fff) < 0x80) return bf16.INFINITY;
    if (bits >= 0x8000) return bf16.NAN;
    if (bits === bf16.INFINITY) return bf16.ZERO;
    const split = inputSplit(lut.mantissaBits);
    const exponent = split.exponent[bits];
    const parity = exponent & 1;
    const stored = bf16.fromBits(entry(lut, false, split.mantissa[bits], parity));
    let y = bf16.toBits(stored * 2 ** -((exponent - parity) / 2));
    for (let i = 0; i < newton; i++) {
      // y ← y·(1.5 − ½x·y·y), each operation rounded to BF16; halving is an exponent decrement.
      const half = bf16.toBits(bf16.fromBits(bits) / 2);
      y = bf16.multiply(y, bf16.subtract(0x3fc0, bf16.multiply(bf16.multiply(half, y), y)));
    }
    return y;
  });
}

function memo(
  name: string,
  seed: LutSeed,
  { mantissaBits = CODE_BITS, entries = 'mean', newton = 0 }: ReciprocalOptions,
  compute: (bits: number, lut: Lut, newton: number) => number,
): Uint16Array {
  const key = `${name} ${mantissaBits} ${entries} ${newton}`;
  let table = cache.get(key);
  if (table === undefined) {
    const lut = buildLut(seed.fn, { window: seed.window, mantissaBits, entries });
    table = new Uint16Array(65536);
    for (let bits = 0; bits < 65536; bits++) {
      table[bits] = bf16.isNaN(bits) ? bf16.NAN : compute(bits, lut, newton);
    }
    cache.set(key, table);
  }
  return table;
}
