import type { Row } from '../../present/csv.ts';
import type { Block } from '../data/blocks.ts';
import type { RunScores } from './score-runs.ts';
import type { MethodUnit } from '../study/methods.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import type { AccuracyPart } from './accuracy-parts.ts';
import { isTie, pairedDifference, ratioEstimate } from './statistics.ts';
import { type Precision, showSums } from './precision.ts';

/** A way of computing the model, with the name it has in results. */
export interface NamedUnit extends MethodUnit {
  method: string;
  /** Default: all. */
  part?: AccuracyPart;
  /** Default: that of the measurement. */
  precision?: Precision;
  /** Sums of softmax rows, for identification beside the products' in `precision`. */
  rowSum?: RowSum;
  /** Given the sums of the unit's own tallies over all blocks, those of an interrupted run included. */
  onTallies?: (tallies: readonly number[]) => void;
  /** Given the losses of the blocks, for paired differences with other units. */
  onLosses?: (losses: readonly number[]) => void;
}

/** Accuracy of one method on one model. JSON names; losses in nats per target. */
export interface AccuracyRow extends Row {
  model: string;
  method: string;
  part: AccuracyPart;
  activations: string;
  weights: string;
  head: string;
  kv: string;
  group: number;
  /** Products with INT4 operands and their sums. */
  sums: string;
  /** Targets scored: tokens, or images. */
  tokens: number;
  loss: number;
  loss_ci95: number;
  perplexity: number;
  perplexity_low: number;
  perplexity_high: number;
  /**
   * Mean loss minus that of the exact functions with the same arithmetic, on the same blocks; of a part, minus that of the
   * model without it: as stored, or, for sums, with exact ones.
   */
  loss_increase: number;
  loss_increase_ci95: number;
  /** The increase is inside its interval: indistinguishable from exact. Null where one block gives no interval. */
  tie: boolean | null;
  /**
   * Mean loss minus that of the model as stored, with exact functions and FP32: the cost of everything together. Null, as
   * what follows, where there is no such reference.
   */
  over_stored: number | null;
  over_stored_ci95: number | null;
  over_stored_tie: boolean | null;
  /** Mean KL(exact model ‖ this one), exact being full precision and exact functions. */
  kl: number | null;
  kl_ci95: number | null;
  top1_agreement: number | null;
  correct: number;
  /** Share of the nonlinear functions' inputs that lie outside what the method represents. */
  clamped_share: number;
  settings: string;
  /** Of greedy transcriptions, where they were asked for: words said, and those replaced, left out or put in. */
  words?: number;
  word_errors?: number;
  word_error_rate?: number;
  word_error_rate_ci95?: number;
  /** Above the stored model's, on the same sounds. */
  word_error_rate_over_stored?: number;
  word_error_rate_over_stored_ci95?: number;
}

/** Losses of blocks, from scores. */
const lossesOf = ({ blocks }: RunScores): number[] => blocks.map(({ loss }) => loss);

export function accuracyRow(
  {
    model,
    precision: common,
    blocks,
    stored,
  }: { model: string; precision: Precision; blocks: readonly Block[]; stored: RunScores | undefined },
  { method, part = 'all', precision = common, rowSum, label }: NamedUnit,
  scores: RunScores,
  against: RunScores,
): AccuracyRow {
  const counts = blocks.map(({ scored }) => scored);
  const losses = lossesOf(scores);
  const total = counts.reduce((a, b) => a + b, 0);
  const share = (key: 'top1' | 'correct') =>
    scores.blocks.reduce((sum, block) => sum + block[key], 0) / total;
  const loss = ratioEstimate(losses, counts);
  const kl =
    stored &&
    ratioEstimate(
      scores.blocks.map((block) => block.kl),
      counts,
    );
  const increase = pairedDifference(losses, lossesOf(against), counts);
  const over = stored && pairedDifference(losses, lossesOf(stored), counts);
  return {
    model,
    method,
    part,
    activations: precision.activations,
    weights: precision.weights,
    head: precision.head,
    kv: precision.kv,
    group: precision.group,
    sums: showSums(precision.products, rowSum),
    tokens: total,
    loss: loss.mean,
    loss_ci95: loss.ci95,
    perplexity: Math.exp(loss.mean),
    perplexity_low: Math.exp(loss.mean - loss.ci95),
    perplexity_high: Math.exp(loss.mean + loss.ci95),
    loss_increase: increase.mean,
    loss_increase_ci95: increase.ci95,
    tie: isTie(increase),
    over_stored: over?.mean ?? null,
    over_stored_ci95: over?.ci95 ?? null,
    over_stored_tie: over === undefined ? null : isTie(over),
    kl: kl?.mean ?? null,
    kl_ci95: kl?.ci95 ?? null,
    top1_agreement: stored === undefined ? null : share('top1'),
    correct: share('correct'),
    clamped_share: scores.inputs > 0 ? scores.clamped / scores.inputs : 0,
    settings: label,
  };
}
