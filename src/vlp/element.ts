import * as bf16 from '../number/bf16.ts';
import { type Above, isGate, type NonlinearFunction } from './function.ts';
import { inputSplit, NEUTRAL } from './input-split.ts';
import { entry, type Lut } from './lut.ts';
import type { VlpConfig } from './mode.ts';
import { REGION_CODE, type Region } from './statistics.ts';
import type { ExponentWindow } from './window.ts';

/** Answer to one input: BF16 pattern and what happened to it. */
export interface Answer {
  bits: number;
  region: Region;
}

/**
 * VLP evaluation of one BF16 input under one sliding window: the definition from which all tables are made.
 * `above` is decided on the exponent after the mantissa's carry, as E-proc sees it.
 */
export function evaluateElement(lut: Lut, config: VlpConfig, bits: number, sliding: ExponentWindow): Answer {
  const { fn } = lut;
  if (bf16.isNaN(bits)) return { bits: bf16.NAN, region: 'special' };
  const negative = bits >= 0x8000;
  const magnitude = bits & 0x7fff;
  if (config.mode === 'artifact') return artifact(lut, config, bits, sliding);
  if (magnitude < 0x80) return { bits: bf16.toBits(fn.zero), region: 'zero' };
  if (fn.domain === (negative ? 'positive' : 'negative')) return { bits: bf16.NAN, region: 'special' };
  if (magnitude === bf16.INFINITY) {
    return {
      bits: outside(lut, bits, lut.window, negative ? fn.above.negative : fn.above.positive),
      region: 'special',
    };
  }
  const split = inputSplit(config.mantissaBits);
  const exponent = split.exponent[magnitude];
  if (exponent > sliding.hi)
    return { bits: outside(lut, bits, sliding, rule(fn, config, negative)), region: 'above' };
  if (exponent < sliding.lo) return { bits: under(fn, config, bits), region: 'below' };
  return { bits: entry(lut, negative, split.mantissa[magnitude], exponent), region: 'inside' };
}

/** What holds above the window. The paper's text saturates exp and passes both signs of SiLU and GELU through. */
function rule(fn: NonlinearFunction, config: VlpConfig, negative: boolean): Above {
  if (config.mode === 'paper') {
    if (fn.domain === 'negative') return 'saturate';
    if (isGate(fn)) return 'pass';
  }
  return negative ? fn.above.negative : fn.above.positive;
}

/** An infinite input repeats the outermost entry of the whole window, whatever its neighbours. */
function outside(lut: Lut, bits: number, sliding: ExponentWindow, above: Above): number {
  if (above === 'pass') return bits;
  if (above === 'saturate') return entry(lut, bits >= 0x8000, 2 ** lut.mantissaBits - 1, sliding.hi);
  return bf16.toBits(above);
}

function under(fn: NonlinearFunction, config: VlpConfig, bits: number): number {
  if (config.below === 'linear' && fn.slope !== undefined) {
    return bf16.flush(bf16.toBits(fn.slope * bf16.fromBits(bits)));
  }
  return bf16.toBits(fn.zero);
}

/**
 * The rules of the authors' code. Zero carries exponent 0; subnormals are normalised. Softmax forces the mantissa
 * before it clamps the exponent, so forcing works; SiLU and GELU clamp first and keep the mantissa. −∞ reports
 * exponent 0 (C's frexp leaves it so) and, its significand being infinite, the largest mantissa index.
 */
function artifact(lut: Lut, config: VlpConfig, bits: number, sliding: ExponentWindow): Answer {
  const { fn, window } = lut;
  const negative = bits >= 0x8000;
  const magnitude = bits & 0x7fff;
  const zero = magnitude === 0;
  const exponent = artifactExponent(config, bits);
  const top = 2 ** lut.mantissaBits - 1;
  const infinite = magnitude === bf16.INFINITY;
  const subnormal = !zero && magnitude < 0x80;
  const split = inputSplit(config.mantissaBits);
  const mantissa = infinite ? top : subnormal ? 0 : split.mantissa[magnitude];
  const clamped = Math.max(sliding.lo, Math.min(exponent, sliding.hi));
  if (fn.domain === 'negative') {
    if (!negative && !zero) return { bits: bf16.NAN, region: 'special' };
    if (exponent > window.hi) return { bits: 0, region: 'above' };
    if (zero) return { bits: bf16.toBits(fn.zero), region: 'zero' };
    const forced = exponent < sliding.lo ? 0 : exponent > sliding.hi ? top : mantissa;
    const region = exponent < window.lo ? 'below' : clamped === exponent ? 'inside' : 'clamped';
    return { bits: entry(lut, true, forced, clamped), region };
  }
  if (zero) return { bits: 0, region: 'zero' };
  if (exponent > window.hi) return { bits: negative ? 0 : bits, region: 'above' };
  if (exponent < window.lo) return { bits: 0, region: 'below' };
  return {
    bits: entry(lut, negative, mantissa, clamped),
    region: clamped === exponent ? 'inside' : 'clamped',
  };
}

/** Exponent that the authors' code gives an input: 0 for zero and for −∞, normalised for subnormals. */
function artifactExponent(config: VlpConfig, bits: number): number {
  const magnitude = bits & 0x7fff;
  if (magnitude === 0 || magnitude === bf16.INFINITY) return 0;
  if (magnitude < 0x80) return -133 + (31 - Math.clz32(magnitude));
  return inputSplit(config.mantissaBits).exponent[magnitude];
}

/** Exponent with which an input takes part in window selection; NEUTRAL when it does not. */
export function votingExponent(config: VlpConfig, bits: number): number {
  if (config.mode !== 'artifact') return inputSplit(config.mantissaBits).exponent[bits & 0x7fff];
  return bf16.isNaN(bits) ? NEUTRAL : artifactExponent(config, bits);
}

/** The answers of one sliding window to every 16-bit input. */
export interface AnswerTable {
  /** [65536] results as float32, for tensors. */
  values: Float32Array;
  /** [65536] results as patterns. */
  bits: Uint16Array;
  /** [65536] index into REGIONS. */
  regions: Uint8Array;
}

export function tabulate(answer: (bits: number) => Answer): AnswerTable {
  const bits = new Uint16Array(65536);
  const regions = new Uint8Array(65536);
  for (let input = 0; input < 65536; input++) {
    const result = answer(input);
    bits[input] = result.bits;
    regions[input] = REGION_CODE[result.region];
  }
  return { values: bf16.decode(bits), bits, regions };
}
