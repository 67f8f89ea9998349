import { MugiError } from '../../errors.ts';
import { EXACT_SUMS } from '../../vlp/gemm.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { type BatchScores, type KeptLogits, scoreRuns, type Run, type RunScores } from './score-runs.ts';
import { type Method, methodUnit, noRanges, type NonlinearSettings } from '../study/methods.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import { type AccuracyRow, accuracyRow, type NamedUnit } from './accuracy-row.ts';
import { type AccuracyPart, ALONE, type SeparatePart } from './accuracy-parts.ts';
import { aloneAt, arithmeticFor, FULL_PRECISION, isFull, type Precision } from './precision.ts';
import { fingerprint } from './fingerprint.ts';

interface CommonOptions {
  opened: OpenedModel;
  model: LoadedModel;
  precision: Precision;
  blocks: readonly Block[];
  /** Name of the data, part of what identifies interrupted work. */
  data: string;
  /**
   * What everything is held against: the stored model, computed beside it (the default); its logits, kept by an earlier
   * run, with a digest of them; or nothing, so that differences to it are null.
   */
  reference?: 'stored' | 'none' | { logits: KeptLogits; digest: string };
  /** Given the stored model's logits of the targets, some rows at a time, in their order. */
  onReference?: (logits: Float32Array) => void;
  fresh?: boolean;
  onProgress?: OnProgress;
  /** Receives how many batches an interrupted run had finished. */
  onResume?: (batches: number) => void;
}

export interface MeasureOptions extends CommonOptions {
  methods: readonly Method[];
  /** What is measured of the parts that make the first method up; of all without the stored model, sums. */
  parts?: readonly SeparatePart[];
  settings: NonlinearSettings;
}

/**
 * Measures every method on the same blocks with the same arithmetic, beside the exact functions, and the parts that make
 * the first of them up.
 */
export function measure({ methods, settings, ...options }: MeasureOptions): Promise<AccuracyRow[]> {
  const { config } = options.opened;
  const { rowSum } = settings;
  const units = methods.map((method) => ({ method, rowSum, ...methodUnit(method, config, settings) }));
  const { precision, reference = 'stored', parts = [] } = options;
  const possible: readonly AccuracyPart[] =
    reference === 'stored' ? parts : parts.filter((part) => part === 'sums');
  const made = possible.length > 0 ? partUnits(methods[0], config, settings, precision) : [];
  const separate = made.filter(({ part = 'all' }) => possible.includes(part));
  return measureUnits(options, [...units, ...separate], settings);
}

/** What `method` at `precision` is made up of: each thing alone, and all without the sums of the design. */
function partUnits(
  method: Method,
  config: ModelConfig,
  settings: NonlinearSettings,
  precision: Precision,
): NamedUnit[] {
  const exact = { unit: exactNonlinear, ranges: noRanges, label: 'exact' };
  const functions = () => methodUnit(method, config, { ...settings, rowSum: 'fp32' });
  const parts = ALONE.flatMap((part): NamedUnit[] => {
    if (part === 'functions' && method === 'exact') return [];
    const own = aloneAt(part, precision);
    if (own === undefined) return [];
    return [{ method, part, precision: own, ...(part === 'functions' ? functions() : exact) }];
  });
  const { weights, head, kv } = precision;
  const quantised = weights !== 'stored' || head !== 'stored' || kv !== 'fp32';
  if (quantised || (method !== 'exact' && settings.rowSum !== 'fp32'))
    parts.push({ method, part: 'sums', precision: { ...precision, products: EXACT_SUMS }, ...functions() });
  return parts;
}

/**
 * The same for any units. `settings` is what, besides their names, identifies interrupted work.
 * @throws MugiError without blocks
 */
export async function measureUnits(
  options: CommonOptions,
  units: readonly NamedUnit[],
  settings: unknown,
): Promise<AccuracyRow[]> {
  const { opened, model, precision, blocks, reference: kind = 'stored' } = options;
  if (blocks.length === 0) {
    throw new MugiError({ code: 'invalid-value', message: 'there is nothing to evaluate: no blocks' });
  }
  const full = arithmeticFor(FULL_PRECISION, exactNonlinear);
  if (typeof kind === 'object' && kind.logits.outputs !== model.outputs) {
    throw new MugiError({
      code: 'invalid-value',
      message: `the logits kept are of ${kind.logits.outputs} outputs`,
      path: 'reference',
      expected: `logits of ${model.outputs} outputs`,
    });
  }
  const reference = kind === 'stored' ? full : kind === 'none' ? undefined : kind.logits;
  const exact = isFull(precision) ? full : arithmeticFor(precision, exactNonlinear);
  const runs: Run[] = [
    ...(reference === undefined ? [] : [{ name: 'stored', arithmetic: reference, ranges: noRanges }]),
    { name: 'exact', arithmetic: exact, ranges: noRanges },
    ...units.map(({ method: name, unit, ranges, precision: own }): Run => {
      const arithmetic = own
        ? arithmeticFor(own, unit)
        : unit === exactNonlinear
          ? exact
          : arithmeticFor(precision, unit);
      return { name, arithmetic, ranges };
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
    keyOf([
      fingerprint(opened),
      names,
      precision,
      settings,
      options.data,
      keyOfBlocks(blocks),
      typeof kind === 'string' ? kind : kind.digest,
    ]),
    options.fresh,
  );
  if (state.resumed > 0) options.onResume?.(state.resumed);
  const all: (RunScores | undefined)[] = await scoreRuns({
    model,
    reference,
    runs,
    blocks,
    state,
    onProgress: options.onProgress,
    onPart: options.onProgress,
    onReference: options.onReference,
  });
  if (reference === undefined) all.unshift(undefined);
  const [stored, exactScores, ...scores] = all as [RunScores | undefined, RunScores, ...RunScores[]];
  for (const [i, scored] of [exactScores, ...scores].entries()) {
    refuseNonFinite(opened, i === 0 ? 'exact' : units[i - 1].method, blocks, scored);
  }
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
    return accuracyRow(beside, unit, scores[i], stored!);
  });
}

/** Means of what is no number are none: where it begins is what the user can act on. */
function refuseNonFinite(
  { path }: OpenedModel,
  method: string,
  blocks: readonly Block[],
  scores: RunScores,
): void {
  // A perplexity, which is what is shown, is infinite from some 709 nats on.
  const bad = scores.blocks.findIndex(
    ({ loss, kl }, i) => !Number.isFinite(Math.exp(loss / blocks[i].scored)) || !Number.isFinite(kl),
  );
  if (bad < 0) return;
  const { loss, kl } = scores.blocks[bad];
  const target = loss / blocks[bad].scored;
  throw new MugiError({
    code: 'invalid-file',
    message: `the results of ${method} are not finite: in a block of ${blocks[bad].document} the loss a target is ${target}, the KL divergence ${kl / blocks[bad].scored}`,
    path,
    expected: 'weights whose sums stay in the range of FP32',
  });
}
