import * as bf16 from '../number/bf16.ts';
import { roundWord } from '../number/bf16.ts';
import { answerOf, type Answers, certify } from './certificate.ts';
import type { AnswerTable } from './element.ts';
import { checkSoftmax } from './check.ts';
import { NEUTRAL } from './input-split.ts';
import type { VlpConfig } from './mode.ts';
import { reciprocalTable } from './reciprocal.ts';
import { rowSum } from './row-sum.ts';
import { REGION_CODE, REGIONS } from './statistics.ts';
import type { SoftmaxCall } from './softmax-call.ts';
import type { Tables } from './tables.ts';

/** An excluded entry travels as −∞: its exponential is exactly 0 and it has no voice in the choice of a window. */
const EXCLUDED = -Infinity;

/** Rows that are looked up side by side when no group has to be formed: see `lookUpFour`. */
const ABREAST = 4;

/**
 * Softmax along rows (Mugi §3.2): subtract the row maximum, exp by VLP, sum, multiply by the reciprocal of the
 * sum. `group` consecutive rows at one key share a sliding window (Mugi §4.1: heads and batch on the array's rows).
 */
export function createSoftmax(tables: Tables, config: VlpConfig): (call: SoftmaxCall) => void {
  const height = tables.fixed ? ABREAST : config.group;
  let differences = differencesOf(0);
  const sums = new Float32Array(height);
  return (call) => {
    const { rows, cols, statistics, regions, certificates } = call;
    checkSoftmax(call);
    const size = Math.min(height, rows) * cols;
    if (differences.words.length < size) differences = differencesOf(size);
    const { words } = differences;
    const scoreWords = new Uint32Array(call.scores.buffer, call.scores.byteOffset, rows * cols);
    const outWords = new Uint32Array(call.out.buffer, call.out.byteOffset, rows * cols);
    for (let first = 0; first < rows; first += height) {
      const count = Math.min(height, rows - first);
      for (let r = 0; r < count; r++) {
        subtractMaximum(call, first + r, scoreWords, differences, r * cols, config);
      }
      const answers = tables.fixed ? tables.at(undefined) : windows(tables, config, words, count, cols);
      if (!Array.isArray(answers) && count === ABREAST && config.accumulate === 'fp32') {
        lookUpFour(answers.values, words, call.out, first * cols, cols, sums);
      } else {
        for (let r = 0; r < count; r++) sums[r] = lookUp(answers, words, r * cols, call, first + r, config);
      }
      for (let r = 0; r < count; r++) {
        if (Number.isNaN(sums[r])) fillNaN(call, first + r);
        else normalise(call.out, outWords, (first + r) * cols, cols, sums[r], config);
        if (statistics !== undefined || regions !== undefined) {
          recordRow(call, first + r, words, r * cols, answers);
        }
        if (certificates === undefined) continue;
        const input = Number.isNaN(sums[r]) ? undefined : { words, offset: r * cols, answers, config };
        certificates.push(certify(call.out, (first + r) * cols, cols, input));
      }
    }
  };
}

/** Scores less their row maximum, as float32 values and as their patterns: two views of one memory. */
interface Differences {
  values: Float32Array;
  words: Uint32Array;
}

function differencesOf(size: number): Differences {
  const values = new Float32Array(size);
  return { values, words: new Uint32Array(values.buffer) };
}

/** score − row maximum of one row into `differences` from `offset` on, still to be rounded to BF16. */
function subtractMaximum(
  call: SoftmaxCall,
  row: number,
  scoreWords: Uint32Array,
  differences: Differences,
  offset: number,
  config: VlpConfig,
): void {
  const { values } = differences;
  const { scores, cols, masked, lengths } = call;
  const begin = row * cols;
  const length = lengths === undefined ? cols : lengths[row];
  const max =
    masked === undefined ? maximum(scores, begin, length) : liveMaximum(call, begin, length, masked);
  // Scores that round to −∞ are that: a row of FP32 minima holds nothing.
  const top = config.subtract === 'before' ? max : bf16.round(max);
  if (top === Infinity || top !== top) {
    values.fill(Number.NaN, offset, offset + length);
  } else if (top === -Infinity) {
    values.fill(EXCLUDED, offset, offset + length);
  } else if (config.subtract === 'before') {
    for (let k = 0; k < length; k++) values[offset + k] = scores[begin + k] - max;
  } else {
    subtractRounded(scoreWords, begin, length, top, differences, offset);
  }
  if (masked !== undefined) {
    for (let k = 0; k < length; k++) if (masked[begin + k] !== 0) values[offset + k] = EXCLUDED;
  }
  if (length < cols) values.fill(EXCLUDED, offset + length, offset + cols);
}

/** Largest score; NaN if there is one. */
function maximum(scores: Float32Array, begin: number, length: number): number {
  let max = -Infinity;
  for (let i = begin; i < begin + length; i++) {
    const x = scores[i];
    if (x <= max) continue;
    if (x !== x) return Number.NaN;
    max = x;
  }
  return max;
}

function liveMaximum({ scores }: SoftmaxCall, begin: number, length: number, masked: Uint8Array): number {
  let max = -Infinity;
  for (let i = begin; i < begin + length; i++) {
    const x = scores[i];
    if (x <= max || masked[i] !== 0) continue;
    if (x !== x) return Number.NaN;
    max = x;
  }
  return max;
}

/**
 * Two plain loops over one row, which stays in the first-level cache: a single loop would read back through
 * memory what it has just written in another type, and wait for it every time. Here and in `normalise` the rounding of
 * `roundWord` is written out, as in the bulk conversions of `bf16.ts`: a call costs a tenth of the whole softmax.
 */
function subtractRounded(
  scoreWords: Uint32Array,
  begin: number,
  length: number,
  max: number,
  { values, words }: Differences,
  offset: number,
): void {
  for (let k = 0; k < length; k++) {
    const word = scoreWords[begin + k];
    words[offset + k] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
  // Float32 holds a BF16 difference with room to spare, so this rounding and the next equal one rounding.
  for (let k = offset; k < offset + length; k++) values[k] = values[k] - max;
}

/** Answer table of every key, from the extreme exponent among the group's rows. */
function windows(
  tables: Tables,
  config: VlpConfig,
  words: Uint32Array,
  count: number,
  cols: number,
): AnswerTable[] {
  const largest = config.anchor === 'max';
  const none = largest ? NEUTRAL : -NEUTRAL - 1;
  const { voting } = tables;
  const extremes = new Int16Array(cols).fill(none);
  for (let r = 0; r < count; r++) {
    for (let k = 0; k < cols; k++) {
      const exponent = voting[roundWord(words[r * cols + k])];
      if (exponent === NEUTRAL) continue;
      if (largest ? exponent > extremes[k] : exponent < extremes[k]) extremes[k] = exponent;
    }
  }
  const byKey: AnswerTable[] = [];
  for (let k = 0; k < cols; k++) byKey.push(tables.at(extremes[k] === none ? undefined : extremes[k]));
  return byKey;
}

/** Exponentials of one row into `out`; returns their sum. */
function lookUp(
  answers: Answers,
  words: Uint32Array,
  offset: number,
  call: SoftmaxCall,
  row: number,
  config: VlpConfig,
): number {
  const { out, cols } = call;
  for (let k = 0; k < cols; k++) {
    out[row * cols + k] = answerOf(answers, k).values[roundWord(words[offset + k])];
  }
  return rowSum(out, row * cols, cols, config.accumulate);
}

/** The same for four rows at once: a float32 sum in key order waits for its last addition, four do so together. */
function lookUpFour(
  values: Float32Array,
  words: Uint32Array,
  out: Float32Array,
  begin: number,
  cols: number,
  sums: Float32Array,
): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0; k < cols; k++) {
    const pa = values[roundWord(words[k])];
    const pb = values[roundWord(words[cols + k])];
    const pc = values[roundWord(words[2 * cols + k])];
    const pd = values[roundWord(words[3 * cols + k])];
    out[begin + k] = pa;
    out[begin + cols + k] = pb;
    out[begin + 2 * cols + k] = pc;
    out[begin + 3 * cols + k] = pd;
    a = Math.fround(a + pa);
    b = Math.fround(b + pb);
    c = Math.fround(c + pc);
    d = Math.fround(d + pd);
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

/** A row with NaN: its live entries are NaN, the excluded ones 0 as always. */
function fillNaN({ out, cols, masked, lengths }: SoftmaxCall, row: number): void {
  const begin = row * cols;
  const length = lengths === undefined ? cols : lengths[row];
  for (let k = 0; k < cols; k++) {
    const live = k < length && (masked === undefined || masked[begin + k] === 0);
    out[begin + k] = live ? Number.NaN : 0;
  }
}

function normalise(
  out: Float32Array,
  words: Uint32Array,
  begin: number,
  cols: number,
  sum: number,
  config: VlpConfig,
): void {
  if (sum === 0) return;
  const s = bf16.toBits(sum);
  if (config.normalise === 'divide') {
    const divisor = bf16.fromBits(s);
    for (let i = begin; i < begin + cols; i++) out[i] = bf16.round(out[i] / divisor);
    return;
  }
  const r = reciprocalOf(s, config);
  for (let i = begin; i < begin + cols; i++) out[i] = out[i] * r;
  for (let i = begin; i < begin + cols; i++) {
    const word = words[i];
    words[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000;
  }
}

/** Records what happened to each entry of a row, in counts or one by one. */
function recordRow(
  { cols, masked, lengths, statistics, regions }: SoftmaxCall,
  row: number,
  words: Uint32Array,
  offset: number,
  answers: Answers,
): void {
  const length = lengths === undefined ? cols : lengths[row];
  for (let k = 0; k < cols; k++) {
    const i = row * cols + k;
    const excluded = k >= length || (masked !== undefined && masked[i] !== 0);
    const code = excluded ? REGION_CODE.masked : answerOf(answers, k).regions[roundWord(words[offset + k])];
    if (statistics !== undefined) statistics[REGIONS[code]] += 1;
    if (regions !== undefined) regions[i] = code;
  }
  if (statistics !== undefined) statistics.total += cols;
}

/** What probabilities are multiplied with: the reciprocal of a row's sum, given and returned in BF16. */
export function reciprocalOf(sum: number, { normalise, mantissaBits, entries }: VlpConfig): number {
  if (normalise === 'reciprocal') return bf16.round(1 / bf16.fromBits(sum));
  const newton = normalise === 'vlp-newton' ? 1 : 0;
  return bf16.fromBits(reciprocalTable({ mantissaBits, entries, newton })[sum]);
}
