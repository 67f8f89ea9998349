import { MugiError } from '../errors.ts';
import * as bf16 from '../number/bf16.ts';
import type { Answer } from './element.ts';
import type { NonlinearFunction } from './function.ts';
import { inputSplit } from './input-split.ts';
import { buildLut, entry, type Lut } from './lut.ts';
import type { VlpConfig } from './mode.ts';

/** Where r = |x| mod ln 2 lies once it is a BF16: eight exponents, the width of the array. */
const REMAINDER_WINDOW = { lo: -8, hi: -1 };

/**
 * exp with exact range reduction: x = −(k·ln 2 + r), 0 ≤ r < ln 2, so e^x = 2^−k·e^−r. VLP evaluates e^−r with
 * the same 64-entry LUT; k is subtracted from the result's exponent. The relative error is that of r ≤ ln 2 for
 * every x, at the price of two multiplications (k, and k·ln 2) and one subtraction per input in the vector unit.
 * @throws MugiError for functions other than exp
 */
export function reducedExp(
  fn: NonlinearFunction,
  config: VlpConfig,
): { lut: Lut; answer: (bits: number) => Answer } {
  if (fn.name !== 'exp') {
    throw new MugiError({
      code: 'unsupported',
      message: `range reduction by ln 2 is a property of exp, not of ${fn.name}`,
      path: 'range',
      nearest: 'window',
    });
  }
  const { mantissaBits, entries } = config;
  const lut = buildLut(fn, { window: REMAINDER_WINDOW, mantissaBits, entries });
  const split = inputSplit(mantissaBits);
  const answer = (bits: number): Answer => {
    if (bf16.isNaN(bits)) return { bits: bf16.NAN, region: 'special' };
    if ((bits & 0x7fff) < 0x80) return { bits: bf16.ONE, region: 'zero' };
    if (bits < 0x8000) return { bits: bf16.NAN, region: 'special' };
    if (bits === bf16.NEGATIVE_INFINITY) return { bits: bf16.ZERO, region: 'special' };
    const size = -bf16.fromBits(bits);
    const k = Math.floor(size / Math.LN2);
    const remainder = bf16.toBits(Math.max(0, size - k * Math.LN2));
    const exponent = split.exponent[remainder];
    const near = exponent < REMAINDER_WINDOW.lo;
    const p = near ? 1 : bf16.fromBits(entry(lut, true, split.mantissa[remainder], exponent));
    const scaled = bf16.flush(bf16.toBits(p * 2 ** -k));
    return { bits: scaled, region: scaled === 0 ? 'above' : near ? 'below' : 'inside' };
  };
  return { lut, answer };
}
