import * as bf16 from '../number/bf16.ts';
import { inputSplit } from './input-split.ts';
import { buildLut, entry } from './lut.ts';
import { seedOf } from './reciprocal.ts';
import { CODE_BITS } from './array.ts';

/*
 * sin and cos for rotary embeddings. An angle is reduced to r in [0, π/4] (its octant decides signs and which of the
 * two is which); VLP looks up sin r̂ and cos r̂ for the input r̂ with a rounded mantissa. RoPE needs both anyway, so
 * that their derivatives come for free: `refine` adds r − r̂ times the other one, a multiply-add each.
 */

export interface SineOptions {
  /** Default 3. */
  mantissaBits?: number;
  /** First-order correction from the mantissa bits that the temporal code drops; default true. */
  refine?: boolean;
}

/** Exponents stored; under it sin r = r and cos r = 1 to half a BF16 step. */
const WINDOW = { lo: -8, hi: -1 };
const EIGHTH = Math.PI / 4;

export const SINE = seedOf('sin', 'sin r, r in [0, π/4]', Math.sin, WINDOW);
export const COSINE = seedOf('cos', 'cos r, r in [0, π/4]', Math.cos, WINDOW);

/** [65536] BF16 patterns of sin r and cos r for r in [0, π/4]; other inputs are NaN. */
export interface SineTables {
  sin: Uint16Array;
  cos: Uint16Array;
}

const cache = new Map<string, SineTables>();

export function sineTables({ mantissaBits = CODE_BITS, refine = true }: SineOptions = {}): SineTables {
  const key = `${mantissaBits} ${refine}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const tables = { sin: new Uint16Array(65536).fill(bf16.NAN), cos: new Uint16Array(65536).fill(bf16.NAN) };
  const { exponent, mantissa } = inputSplit(mantissaBits);
  const sines = buildLut(SINE.fn, { window: WINDOW, mantissaBits });
  const cosines = buildLut(COSINE.fn, { window: WINDOW, mantissaBits });
  const last = bf16.toBits(EIGHTH);
  for (let bits = 0; bits <= last; bits++) {
    const r = bf16.fromBits(bits);
    if (exponent[bits] < WINDOW.lo) {
      tables.sin[bits] = bf16.flush(bits);
      tables.cos[bits] = bf16.ONE;
      continue;
    }
    const rounded = (1 + mantissa[bits] / 2 ** mantissaBits) * 2 ** exponent[bits];
    const sin = bf16.fromBits(entry(sines, false, mantissa[bits], exponent[bits]));
    const cos = bf16.fromBits(entry(cosines, false, mantissa[bits], exponent[bits]));
    const rest = refine ? r - rounded : 0;
    tables.sin[bits] = bf16.toBits(sin + rest * cos);
    tables.cos[bits] = bf16.toBits(cos - rest * sin);
  }
  cache.set(key, tables);
  return tables;
}

/**
 * sin and cos of any angle in radians by VLP. The reduction runs in double precision: the angles of RoPE are
 * position × frequency, known before inference. NaN and infinite angles give NaN.
 */
export function createSinCos(options: SineOptions = {}): (angle: number) => { sin: number; cos: number } {
  const tables = sineTables(options);
  return (angle) => {
    if (!Number.isFinite(angle)) return { sin: Number.NaN, cos: Number.NaN };
    const quarter = Math.round(angle / (2 * EIGHTH));
    const rest = angle - quarter * 2 * EIGHTH;
    const bits = bf16.toBits(Math.min(Math.abs(rest), EIGHTH));
    const s = Math.sign(rest) * bf16.fromBits(tables.sin[bits]);
    const c = bf16.fromBits(tables.cos[bits]);
    switch (((quarter % 4) + 4) % 4) {
      case 0:
        return { sin: s, cos: c };
      case 1:
        return { sin: c, cos: -s };
      case 2:
        return { sin: -s, cos: -c };
      default:
        return { sin: -c, cos: s };
    }
  };
}
