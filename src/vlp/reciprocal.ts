import * as bf16 from '../number/bf16.ts';
import { inputSplit } from './input-split.ts';
import type { Entries } from './lut.ts';

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

const cache = new Map<string, Uint16Array>();

/** [65536] BF16 patterns of 1/x by VLP: ±0 → ±∞, ±∞ → ±0, subnormals count as zero, NaN → NaN. */
export function reciprocalTable(options: ReciprocalOptions = {}): Uint16Array {
  return memo('reciprocal', options, (bits, mantissaBits, entries, newton) => {
    const sign = bits & 0x8000;
    const magnitude = bits & 0x7fff;
    if (magnitude < 0x80) return sign | bf16.INFINITY;
    if (magnitude === bf16.INFINITY) return sign;
    const { exponent, mantissa } = inputSplit(mantissaBits);
    const stored = seed((x) => 1 / x, mantissa[magnitude]!, 0, mantissaBits, entries);
    let y = bf16.flush(bf16.toBits(stored * 2 ** -exponent[magnitude]!));
    for (let i = 0; i < newton; i++) {
      // y ← y·(2 − x·y), each operation rounded to BF16.
      y = bf16.multiply(y, bf16.subtract(0x4000, bf16.multiply(magnitude, y, true), true), true);
    }
    return sign | y;
  });
}

/** [65536] BF16 patterns of 1/√x by VLP: ±0 → +∞, +∞ → 0, negative → NaN, subnormals count as zero. */
export function inverseSqrtTable(options: ReciprocalOptions = {}): Uint16Array {
  return memo('inverse-sqrt', options, (bits, mantissaBits, entries, newton) => {
    if ((bits & 0x7fff) < 0x80) return bf16.INFINITY;
    if (bits >= 0x8000) return bf16.NAN;
    if (bits === bf16.INFINITY) return bf16.ZERO;
    const split = inputSplit(mantissaBits);
    const exponent = split.exponent[bits]!;
    const parity = exponent & 1;
    const stored = seed((x) => 1 / Math.sqrt(x), split.mantissa[bits]!, parity, mantissaBits, entries);
    let y = bf16.toBits(stored * 2 ** -((exponent - parity) / 2));
    for (let i = 0; i < newton; i++) {
      // y ← y·(1.5 − ½x·y·y), each operation rounded to BF16; halving is an exponent decrement.
      const half = bf16.toBits(bf16.fromBits(bits) / 2);
      y = bf16.multiply(y, bf16.subtract(0x3fc0, bf16.multiply(bf16.multiply(half, y), y)));
    }
    return y;
  });
}

/** LUT entry for mantissa m of the binade [2^parity, 2^(parity+1)), as a value. */
function seed(f: (x: number) => number, m: number, parity: number, bits: number, entries: Entries): number {
  const steps = 2 ** bits;
  const scale = 2 ** parity;
  if (entries === 'point') return bf16.round(f((1 + m / steps) * scale));
  const low = 1 + (m === 0 ? -0.25 : m - 0.5) / steps;
  const high = 1 + (m + 0.5) / steps;
  const panels = 64;
  let sum = 0;
  for (let i = 0; i < panels; i++) sum += f((low + ((high - low) * (i + 0.5)) / panels) * scale);
  return bf16.round(sum / panels);
}

function memo(
  name: string,
  { mantissaBits = 3, entries = 'mean', newton = 0 }: ReciprocalOptions,
  compute: (bits: number, mantissaBits: number, entries: Entries, newton: number) => number,
): Uint16Array {
  const key = `${name} ${mantissaBits} ${entries} ${newton}`;
  let table = cache.get(key);
  if (table === undefined) {
    table = new Uint16Array(65536);
    for (let bits = 0; bits < 65536; bits++) {
      table[bits] = bf16.isNaN(bits) ? bf16.NAN : compute(bits, mantissaBits, entries, newton);
    }
    cache.set(key, table);
  }
  return table;
}
