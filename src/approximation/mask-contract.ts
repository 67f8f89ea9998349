import { FLOAT16, roundTo } from '../number/rounding.ts';
import type { SoftmaxOperator } from './approximation.ts';

/*
 * What masks ask of a unit that computes softmax, as a small suite of rows: each is one way in which models hide entries,
 * with what must come out. Any unit can be held against it: it takes scores and gives probabilities.
 */

/** A row of the suite. */
export interface MaskRow {
  name: string;
  /** Scores with whatever mask was added to them. */
  scores: readonly number[];
  /** Non-zero where an entry is excluded by a flag beside the scores. */
  masked?: readonly number[];
  /** What must come out: the softmax of the entries at these places, the others exactly 0; `nan`: of those, NaN. */
  live: readonly number[];
  /** Places that a unit which reads FP32 may see beside. */
  orLive?: readonly number[];
  nan?: true;
  /** Source of the situation. */
  why: string;
}

export type MaskVerdict = 'holds' | 'leaks' | 'wrong' | 'not a number';

export interface MaskOutcome {
  row: MaskRow;
  verdict: MaskVerdict;
  /** Probability on entries that must not be seen, and half the distance to the exact row. */
  leaked: number;
  distance: number;
  probabilities: readonly number[];
}

const SCORES = [1.5, -0.25, 0.75, -2, 2.25, 0, -1, 0.5] as const;
const ALL = SCORES.map((_, i) => i);
const SEEN = [0, 1, 2, 3];
const HIDDEN = [4, 5, 6, 7];
const FP32_MINIMUM = -3.4028234663852886e38;
const BF16_MINIMUM = -3.3895313892515355e38;
const FP16_MINIMUM = -65504;

const half = (x: number): number => roundTo(x, FLOAT16);
/** The scores with `mask` added behind the fourth, each sum rounded by `round`. */
const added = (
  mask: number,
  round: (x: number) => number = Math.fround,
  scores: readonly number[] = SCORES,
) => scores.map((x, i) => (i < SEEN.length ? x : round(x + mask)));
const low = SCORES.map((x) => x - 20);

export const MASK_ROWS: readonly MaskRow[] = [
  { name: 'no mask', scores: SCORES, live: ALL, why: 'what the others are measured by' },
  {
    name: 'flag',
    scores: SCORES,
    masked: SCORES.map((_, i) => Number(i >= SEEN.length)),
    live: SEEN,
    why: 'a boolean mask, as hardware and fused kernels have it',
  },
  { name: 'flag on all', scores: SCORES, masked: ALL.map(() => 1), live: [], why: 'a row of padding' },
  { name: '−∞', scores: added(-Infinity), live: SEEN, why: 'torch.masked_fill with −inf' },
  { name: '−∞ on all', scores: ALL.map(() => -Infinity), live: [], why: 'a row of padding: 0, not 0/0' },
  { name: 'FP16 minimum', scores: added(FP16_MINIMUM, half), live: SEEN, why: '−65504 added in FP16' },
  {
    name: 'FP16 minimum, low scores',
    scores: added(FP16_MINIMUM, half, low),
    live: SEEN,
    why: '−65504 added in FP16 to scores at or below −16: the sum is −∞',
  },
  { name: 'BF16 minimum', scores: added(BF16_MINIMUM), live: SEEN, why: 'torch.finfo(bfloat16).min added' },
  { name: 'FP32 minimum', scores: added(FP32_MINIMUM), live: SEEN, why: 'torch.finfo(float32).min added' },
  { name: '−10,000', scores: added(-1e4), live: SEEN, why: 'BERT’s first code, and its exports' },
  { name: '−1e9', scores: added(-1e9), live: SEEN, why: 'many exports to ONNX' },
  {
    name: 'FP16 minimum twice',
    scores: added(FP16_MINIMUM, (x) => half(half(x) + FP16_MINIMUM)),
    live: SEEN,
    why: 'a causal mask and one of padding, both added: −∞',
  },
  {
    name: 'FP32 minimum twice',
    scores: added(FP32_MINIMUM, (x) => Math.fround(Math.fround(x) + FP32_MINIMUM)),
    live: SEEN,
    why: 'the same in FP32',
  },
  {
    name: 'finite minimum on all',
    scores: ALL.map(() => FP16_MINIMUM),
    live: ALL,
    why: 'a row of padding whose scores the minimum has swallowed: all alike, as exact softmax has it',
  },
  {
    name: 'minimum once and twice',
    scores: SCORES.map((_, i) => (i < SEEN.length ? FP32_MINIMUM : -Infinity)),
    live: [],
    orLive: SEEN,
    why: 'padding to the left, causal to the right, in FP32: BF16 has no such number, so that nothing is left; FP32 has, and may see what is masked once',
  },
  {
    name: 'NaN seen',
    scores: SCORES.map((x, i) => (i === 2 ? Number.NaN : x)),
    live: ALL,
    nan: true,
    why: 'an overflow before it must stay visible',
  },
  {
    name: 'NaN seen beside −∞',
    scores: added(-Infinity).map((x, i) => (i === 2 ? Number.NaN : x)),
    live: SEEN,
    nan: true,
    why: 'the same in a row with a mask; entries at −∞ may be 0 or NaN',
  },
  {
    name: 'NaN under a flag',
    scores: SCORES.map((x, i) => (i === 6 ? Number.NaN : x)),
    masked: SCORES.map((_, i) => Number(i >= SEEN.length)),
    live: SEEN,
    why: 'memory that nobody wrote behind a mask',
  },
  {
    name: '+∞ seen',
    scores: SCORES.map((x, i) => (i === 1 ? Infinity : x)),
    live: ALL,
    nan: true,
    why: '∞ − ∞',
  },
];

/** Half the distance to the exact row that an approximation may have: coarse tables have some hundredths. */
const MOST_DISTANCE = 0.1;

/** A softmax along one row; `masked` where entries are excluded by a flag. */
export type RowSoftmax = (scores: Float32Array, masked: Uint8Array | undefined) => Float32Array;

/** An operator of the library as a unit of the suite. */
export const rowSoftmax =
  (operator: SoftmaxOperator): RowSoftmax =>
  (scores, masked) => {
    const out = new Float32Array(scores.length);
    operator.apply(scores, out, 1, scores.length, masked === undefined ? {} : { masked });
    return out;
  };

/** Holds a unit against every row of the suite. */
export const maskContract = (softmax: RowSoftmax): MaskOutcome[] =>
  MASK_ROWS.map((row) => {
    const masked = row.masked === undefined ? undefined : Uint8Array.from(row.masked);
    const probabilities = [...softmax(Float32Array.from(row.scores), masked)];
    const first = judged(row, probabilities);
    const { orLive } = row;
    const other = orLive === undefined ? first : judged({ ...row, live: orLive }, probabilities);
    return { row, probabilities, ...(other.verdict === 'holds' ? other : first) };
  });

function judged(row: MaskRow, y: readonly number[]): Pick<MaskOutcome, 'verdict' | 'leaked' | 'distance'> {
  const { scores, live } = row;
  const hidden = live.length === ALL.length ? [] : live.length === 0 ? ALL : HIDDEN;
  if (row.nan === true) {
    const seen = live.every((i) => Number.isNaN(y[i]));
    return { verdict: seen ? 'holds' : 'wrong', leaked: 0, distance: 0 };
  }
  const leaked = hidden.reduce((sum, i) => sum + y[i], 0);
  const top = Math.max(...live.map((i) => scores[i]));
  const powers = live.map((i) => Math.exp(scores[i] - top));
  const total = powers.reduce((sum, x) => sum + x, 0);
  const apart = live.reduce((sum, i, k) => sum + Math.abs(y[i] - powers[k] / total), 0);
  const distance = (apart + leaked) / 2;
  if (y.some(Number.isNaN)) return { verdict: 'not a number', leaked, distance };
  if (leaked !== 0) return { verdict: 'leaks', leaked, distance };
  return { verdict: distance <= MOST_DISTANCE ? 'holds' : 'wrong', leaked, distance };
}
