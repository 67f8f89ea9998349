import { statSync } from 'node:fs';
import { MugiError } from '../../errors.ts';
import { type Arithmetic, EXACT_SUMS } from '../../model/arithmetic.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import type { DesignArithmetic } from '../../vlp/arithmetic.ts';
import type { GemmArithmetic } from '../../vlp/gemm.ts';
import { exactNonlinear, type NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { Row } from '../../present/csv.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { type BatchScores, scoreRuns, type Run, type RunScores } from './score-runs.ts';
import {
  type Method,
  type MethodUnit,
  methodUnit,
  noRanges,
  type NonlinearSettings,
} from '../study/methods.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import type { RowSum } from '../../vlp/row-sum.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import { isTie, pairedDifference, ratioEstimate } from './statistics.ts';

/** Precision that holds for all methods of a measurement alike. */
export interface Precision {
  activations: 'fp32' | 'bf16';
  weights: 'stored' | 'int4';
  kv: 'fp32' | 'int4';
  /** Inputs that share a scale, for INT4 weights. */
  group: number;
  /** What products with INT4 operands compute. */
  products: GemmArithmetic;
}

export const FULL_PRECISION: Precision = {
  activations: 'fp32',
  weights: 'stored',
  kv: 'fp32',
  group: 128,
  products: EXACT_SUMS,
};

/** All that a design's arithmetic does to a model, nonlinear functions apart. */
export const precisionOf = ({ activations, weights, products }: DesignArithmetic): Precision => ({
  activations,
  weights: 'int4',
  kv: 'int4',
  group: weights.group,
  products,
});

/**
 * What a row of results measures: all that a design does, or one thing of it alone: its nonlinear functions, INT4 weights,
 * INT4 keys and values, BF16 activations, or its sums beside exact ones.
 */
export type AccuracyPart = 'all' | 'functions' | 'weights' | 'kv' | 'activations' | 'sums';

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

interface CommonOptions {
  opened: OpenedModel;
  model: LoadedModel;
  precision: Precision;
  blocks: readonly Block[];
  /** Name of the data, part of what identifies interrupted work. */
  data: string;
  fresh?: boolean;
  onProgress?: (done: number, total: number) => void;
  /** Told how many batches an interrupted run had finished. */
  onResume?: (batches: number) => void;
}

export interface MeasureOptions extends CommonOptions {
  methods: readonly Method[];
  /** Whether the parts that make the first method up are measured too. */
  parts?: boolean;
  settings: NonlinearSettings;
}

/** Accuracy of one method on one model. JSON names; losses in nats per target. */
export interface AccuracyRow extends Row {
  model: string;
  method: string;
  part: AccuracyPart;
  activations: string;
  weights: string;
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
  /** Mean loss minus that of the model as stored, with exact functions and FP32: the cost of everything together. */
  over_stored: number;
  over_stored_ci95: number;
  over_stored_tie: boolean | null;
  /** Mean KL(exact model ‖ this one), exact being full precision and exact functions. */
  kl: number;
  kl_ci95: number;
  top1_agreement: number;
  correct: number;
  /** Share of the nonlinear functions' inputs that lie outside what the method represents. */
  clamped_share: number;
  settings: string;
}

/** The arithmetic of a forward pass at a precision. */
export const arithmeticFor = (precision: Precision, nonlinear: NonlinearEvaluator): Arithmetic => ({
  activations: precision.activations,
  weights: precision.weights === 'int4' ? { type: 'int4', group: precision.group } : { type: 'stored' },
  kv: precision.kv,
  products: precision.products,
  nonlinear,
});

/**
 * Measures every method on the same blocks with the same arithmetic, beside the exact functions, and the parts that make
 * the first of them up.
 */
export function measure({ methods, settings, ...options }: MeasureOptions): Promise<AccuracyRow[]> {
  const { config } = options.opened;
  const { rowSum } = settings;
  const units = methods.map((method) => ({ method, rowSum, ...methodUnit(method, config, settings) }));
  const parts = options.parts ? partUnits(methods[0], config, settings, options.precision) : [];
  return measureUnits(options, [...units, ...parts], settings);
}

/** What `method` at `precision` is made up of: each thing alone, and all without the sums of the design. */
function partUnits(
  method: Method,
  config: ModelConfig,
  settings: NonlinearSettings,
  precision: Precision,
): NamedUnit[] {
  const exact = { unit: exactNonlinear, ranges: noRanges, label: 'exact' };
  const { group, weights, kv, activations } = precision;
  const functions = () => methodUnit(method, config, { ...settings, rowSum: 'fp32' });
  const parts: NamedUnit[] = [];
  const alone = (part: AccuracyPart, change: Partial<Precision>, unit: MethodUnit) =>
    parts.push({ method, part, precision: { ...FULL_PRECISION, group, ...change }, ...unit });
  if (method !== 'exact') alone('functions', {}, functions());
  if (weights === 'int4') alone('weights', { weights }, exact);
  if (kv === 'int4') alone('kv', { kv }, exact);
  if (activations === 'bf16') alone('activations', { activations }, exact);
  const rounded = weights === 'int4' || kv === 'int4' || (method !== 'exact' && settings.rowSum !== 'fp32');
  if (rounded) alone('sums', { ...precision, products: EXACT_SUMS }, functions());
  return parts;
}

/** The same for any units. `settings` is what, besides their names, identifies interrupted work. */
export async function measureUnits(
  options: CommonOptions,
  units: readonly NamedUnit[],
  settings: unknown,
): Promise<AccuracyRow[]> {
  const { opened, model, precision, blocks } = options;
  if (blocks.length === 0) {
    throw new MugiError({ code: 'invalid-value', message: 'there is nothing to evaluate: no blocks' });
  }
  const reference = arithmeticFor(FULL_PRECISION, exactNonlinear);
  const full = precision.activations === 'fp32' && precision.weights === 'stored' && precision.kv === 'fp32';
  const exact = full ? reference : arithmeticFor(precision, exactNonlinear);
  const runs: Run[] = [
    { arithmetic: reference, ranges: noRanges },
    { arithmetic: exact, ranges: noRanges },
    ...units.map(({ unit, ranges, precision: own }): Run => {
      const arithmetic = own
        ? arithmeticFor(own, unit)
        : unit === exactNonlinear
          ? exact
          : arithmeticFor(precision, unit);
      return { arithmetic, ranges };
    }),
  ];
  const names = units.map(({ method, label, part, precision: own, rowSum }) => [
    method,
    label,
    part,
    own,
    rowSum,
  ]);
  const state = new WorkState<BatchScores>(
    keyOf([fingerprint(opened), names, precision, settings, options.data, keyOfBlocks(blocks)]),
    options.fresh,
  );
  if (state.resumed > 0) options.onResume?.(state.resumed);
  const [stored, exactScores, ...scores] = await scoreRuns({
    model,
    reference,
    runs,
    blocks,
    state,
    onProgress: options.onProgress,
    onPart: options.onProgress,
  });
  state.finish();
  for (const [i, { onTallies, onLosses }] of units.entries()) {
    onTallies?.(scores[i].tallies ?? []);
    onLosses?.(scores[i].blocks.map(({ loss }) => loss));
  }
  const beside = { model: opened.name, precision, blocks, stored };
  return units.map((unit, i) => {
    const { part = 'all' } = unit;
    if (part === 'all') return accuracyRow(beside, unit, scores[i], exactScores);
    // The unit of sums is the whole with exact ones: the row is the whole's, the difference that to it.
    if (part === 'sums') return { ...accuracyRow(beside, units[0], scores[0], scores[i]), part };
    return accuracyRow(beside, unit, scores[i], stored);
  });
}

/** Losses of blocks, from scores. */
const lossesOf = ({ blocks }: RunScores): number[] => blocks.map(({ loss }) => loss);

function accuracyRow(
  {
    model,
    precision: common,
    blocks,
    stored,
  }: { model: string; precision: Precision; blocks: readonly Block[]; stored: RunScores },
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
  const kl = ratioEstimate(
    scores.blocks.map(({ kl }) => kl),
    counts,
  );
  const increase = pairedDifference(losses, lossesOf(against), counts);
  const over = pairedDifference(losses, lossesOf(stored), counts);
  return {
    model,
    method,
    part,
    activations: precision.activations,
    weights: precision.weights,
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
    over_stored: over.mean,
    over_stored_ci95: over.ci95,
    over_stored_tie: isTie(over),
    kl: kl.mean,
    kl_ci95: kl.ci95,
    top1_agreement: share('top1'),
    correct: share('correct'),
    clamped_share: scores.inputs > 0 ? scores.clamped / scores.inputs : 0,
    settings: label,
  };
}

/** The sums of an arithmetic in a few words. */
export function showSums({ product, accumulator, chain }: GemmArithmetic, rowSum: RowSum = 'fp32'): string {
  const gemm =
    product === 'exact' && accumulator === 'fp32'
      ? 'exact'
      : `${product === 'exact' ? 'exact products, ' : ''}${accumulator}${chain === undefined ? '' : ` chains of ${chain}`}`;
  return `${gemm}, softmax ${rowSum}`;
}

/** Changes when the weights on disk do. */
export function fingerprint(opened: OpenedModel): unknown {
  const files = [...new Set([...opened.checkpoint.tensors.values()].map(({ file }) => file))].sort();
  return [opened.config, files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs])];
}
