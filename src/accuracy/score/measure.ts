import { statSync } from 'node:fs';
import { MugiError } from '../../errors.ts';
import type { Arithmetic } from '../../model/arithmetic.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { exactNonlinear, type NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import type { Row } from '../../present/csv.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { type BatchScores, scoreRuns, type Run, type RunScores } from './score-runs.ts';
import { type Method, type MethodUnit, methodUnit, type NonlinearSettings } from '../study/methods.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import { isTie, pairedDifference, ratioEstimate } from './statistics.ts';

/** Precision that holds for all methods of a measurement alike. */
export interface Precision {
  activations: 'fp32' | 'bf16';
  weights: 'stored' | 'int4';
  kv: 'fp32' | 'int4';
  /** Inputs that share a scale, for INT4 weights. */
  group: number;
}

export const FULL_PRECISION: Precision = { activations: 'fp32', weights: 'stored', kv: 'fp32', group: 128 };

/** A way of computing the nonlinear functions, with the name it has in results. */
export interface NamedUnit extends MethodUnit {
  method: string;
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
  settings: NonlinearSettings;
}

/** Accuracy of one method on one model. JSON names; losses in nats per target. */
export interface AccuracyRow extends Row {
  model: string;
  method: string;
  activations: string;
  weights: string;
  kv: string;
  group: number;
  /** Targets scored: tokens, or images. */
  tokens: number;
  loss: number;
  loss_ci95: number;
  perplexity: number;
  perplexity_low: number;
  perplexity_high: number;
  /** Mean loss minus that of the exact functions at the same precision, on the same blocks. */
  loss_increase: number;
  loss_increase_ci95: number;
  /** The increase is inside its interval: indistinguishable from exact. Null where one block gives no interval. */
  tie: boolean | null;
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
  nonlinear,
});

/** Measures every method on the same blocks at the same precision, beside the exact functions. */
export function measure({ methods, settings, ...options }: MeasureOptions): Promise<AccuracyRow[]> {
  const units = methods.map((method) => ({ method, ...methodUnit(method, options.opened.config, settings) }));
  return measureUnits(options, units, settings);
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
    { arithmetic: exact, ranges: () => ({ inputs: 0, clamped: 0 }) },
    ...units.map(({ unit, ranges }): Run => {
      return { arithmetic: unit === exactNonlinear ? exact : arithmeticFor(precision, unit), ranges };
    }),
  ];
  const names = units.map(({ method, label }) => [method, label]);
  const state = new WorkState<BatchScores>(
    keyOf([fingerprint(opened), names, precision, settings, options.data, keyOfBlocks(blocks)]),
    options.fresh,
  );
  if (state.resumed > 0) options.onResume?.(state.resumed);
  const [exactScores, ...scores] = await scoreRuns({
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
  return units.map(({ method, label }, i) =>
    accuracyRow({ model: opened.name, method, settings: label }, precision, blocks, scores[i], exactScores),
  );
}

function accuracyRow(
  names: Pick<AccuracyRow, 'model' | 'method' | 'settings'>,
  precision: Precision,
  blocks: readonly Block[],
  scores: RunScores,
  exact: RunScores,
): AccuracyRow {
  const counts = blocks.map(({ scored }) => scored);
  const losses = scores.blocks.map(({ loss }) => loss);
  const total = counts.reduce((a, b) => a + b, 0);
  const share = (key: 'top1' | 'correct') =>
    scores.blocks.reduce((sum, block) => sum + block[key], 0) / total;
  const loss = ratioEstimate(losses, counts);
  const kl = ratioEstimate(
    scores.blocks.map(({ kl }) => kl),
    counts,
  );
  const increase = pairedDifference(
    losses,
    exact.blocks.map(({ loss }) => loss),
    counts,
  );
  return {
    model: names.model,
    method: names.method,
    activations: precision.activations,
    weights: precision.weights,
    kv: precision.kv,
    group: precision.group,
    tokens: total,
    loss: loss.mean,
    loss_ci95: loss.ci95,
    perplexity: Math.exp(loss.mean),
    perplexity_low: Math.exp(loss.mean - loss.ci95),
    perplexity_high: Math.exp(loss.mean + loss.ci95),
    loss_increase: increase.mean,
    loss_increase_ci95: increase.ci95,
    tie: isTie(increase),
    kl: kl.mean,
    kl_ci95: kl.ci95,
    top1_agreement: share('top1'),
    correct: share('correct'),
    clamped_share: scores.inputs > 0 ? scores.clamped / scores.inputs : 0,
    settings: names.settings,
  };
}

/** Changes when the weights on disk do. */
export function fingerprint(opened: OpenedModel): unknown {
  const files = [...new Set([...opened.checkpoint.tensors.values()].map(({ file }) => file))].sort();
  return [opened.config, files.map((file) => [file, statSync(file).size, statSync(file).mtimeMs])];
}
