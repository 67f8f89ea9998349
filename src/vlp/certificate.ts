import * as bf16 from '../number/bf16.ts';
import type { AnswerTable } from './element.ts';
import { reciprocalTable } from './reciprocal.ts';
import type { VlpConfig } from './mode.ts';
import { rowSumError } from './row-sum.ts';
import { REGION_CODE } from './statistics.ts';

/**
 * A bound on the error of one row of VLP softmax against the exact softmax of the scores as read (rounded to BF16, or
 * with `subtract: before` as given), computed without the exact result. Half the total variation of the answered entries, plus the mass that was flushed or
 * saturated, plus the rounding of sum and quotient; property tests hold it against exact rows.
 */
export interface RowCertificate {
  /** |ln(y_i ∕ q_i)| ≤ logRatio (y approximate, q exact) for every y_i > 2^−95 answered by the LUT. */
  logRatio: number;
  /** Σ q_i over the entries that were flushed or saturated is at most this. */
  flushedMass: number;
  /** ½·Σ|y_i − q_i| over the row is at most this. */
  totalVariation: number;
  /** |Σ y_i − 1| is at most this. */
  sumError: number;
}

/** Answer table of every key of a group, or the one that serves them all. */
export type Answers = AnswerTable | AnswerTable[];

export function answerOf(answers: Answers, key: number): AnswerTable {
  return Array.isArray(answers) ? answers[key] : answers;
}

export interface CertificateInput {
  /** Float32 words of score − maximum, from `offset` on; −∞ where excluded. */
  words: Uint32Array;
  offset: number;
  answers: Answers;
  config: VlpConfig;
}

/** A BF16 rounding changes the logarithm of a normal number by at most this. */
const ROUNDING = -Math.log(1 - bf16.UNIT_ROUNDOFF);
/** Entries under this count as flushed: their probabilities may become subnormal, where relative bounds end. */
const TINY = 2 ** -100;
const ABOVE = REGION_CODE.above;

/** Certificate of a row that holds NaN, and therefore bounds nothing. */
const NONE: RowCertificate = {
  logRatio: Infinity,
  flushedMass: 1,
  totalVariation: 1,
  sumError: Infinity,
};

/** Certificate of the finished row `y[begin, begin + cols)`; an empty row (all 0) has error 0. */
export function certify(
  y: Float32Array,
  begin: number,
  cols: number,
  input: CertificateInput | undefined,
): RowCertificate {
  if (input === undefined) return { ...NONE };
  const { words, offset, answers, config } = input;
  let delta = 0;
  let flushed = 0;
  let lowest = 0;
  let weighted = 0;
  let saturated = 0;
  let kept = 0;
  for (let k = 0; k < cols; k++) {
    const bits = bf16.roundWord(words[offset + k]);
    if (bits === bf16.NEGATIVE_INFINITY) continue;
    const table = answerOf(answers, k);
    const x = bf16.fromBits(bits);
    const p = table.values[bits];
    // The difference was rounded to BF16: half a step of its own exponent, or 2^−134 for subnormals.
    const before = Math.abs(x) * bf16.UNIT_ROUNDOFF * (1 + 2 ** -6) + 2 ** -134;
    if (p < TINY || table.regions[bits] === ABOVE) {
      flushed += Math.exp(x + before);
      saturated += y[begin + k];
      continue;
    }
    const error = Math.abs(Math.log(p) - x) + before;
    if (error > delta) delta = error;
    lowest += p * Math.exp(-error);
    weighted += y[begin + k] * Math.expm1(error);
    kept += y[begin + k];
  }
  if (kept === 0) return { logRatio: 0, flushedMass: 0, totalVariation: 0, sumError: 0 };
  const slack = normalisationError(cols, config);
  const flushedMass = flushed / (lowest + flushed);
  const body = Math.min(1, weighted / kept, Math.tanh(delta));
  const lost = -Math.log1p(-Math.min(1 - 2 ** -40, flushedMass));
  const taken = Math.log1p(saturated / kept);
  const sumError = Math.expm1(slack) + cols * 2 ** -133;
  return {
    logRatio: 2 * delta + Math.max(lost, taken) + slack,
    flushedMass,
    // The approximate row sums to 1 within sumError only, so that half the distance can pass 1 by half of it.
    totalVariation: Math.min(1 + sumError / 2, body + flushedMass + saturated + Math.expm1(slack)),
    sumError,
  };
}

/** Bound on |ln| of what rounding the sum, its reciprocal and the products does to a row. */
function normalisationError(
  cols: number,
  { accumulate, normalise, mantissaBits, entries }: VlpConfig,
): number {
  const adds = rowSumError(cols, accumulate, ROUNDING);
  const rounded = adds + 2 * ROUNDING;
  if (normalise === 'divide') return rounded;
  if (normalise === 'reciprocal') return rounded + ROUNDING;
  return rounded + reciprocalError(mantissaBits, entries, normalise === 'vlp-newton' ? 1 : 0);
}

const errors = new Map<string, number>();

/** Largest |ln(x·r)| of the VLP reciprocal over one binade, which all binades repeat. */
function reciprocalError(mantissaBits: number, entries: VlpConfig['entries'], newton: 0 | 1): number {
  const key = `${mantissaBits} ${entries} ${newton}`;
  let worst = errors.get(key);
  if (worst === undefined) {
    const table = reciprocalTable({ mantissaBits, entries, newton });
    worst = 0;
    for (let bits = 0x3f80; bits < 0x4000; bits++) {
      worst = Math.max(worst, Math.abs(Math.log(bf16.fromBits(bits) * bf16.fromBits(table[bits]))));
    }
    errors.set(key, worst);
  }
  return worst;
}
