import { setImmediate } from 'node:timers/promises';
import { MugiError } from '../../errors.ts';
import type { Arithmetic } from '../../model/arithmetic.ts';
import { type LoadedModel, told } from '../../model/model.ts';
import { batchOf, type Block } from '../data/blocks.ts';
import { type BlockScore, scoreRows } from './metrics.ts';
import type { OnProgress, WorkState } from '../../files/state.ts';

/** Inputs of nonlinear functions, and how many of them lay outside what the approximation represents. */
export interface RangeCount {
  inputs: number;
  clamped: number;
  /** Whatever else a unit counts; added up over batches. */
  tallies?: number[];
}

/** Logits that an earlier run has stored, of all targets in the order of the blocks. */
export interface KeptLogits {
  outputs: number;
  /** Rows [from, to) of them: [(to − from) × outputs]. */
  keptRows(from: number, to: number): Float32Array;
}

/** What distributions are held against: the model computed so, or as it was stored. */
export type Reference = Arithmetic | KeptLogits;

const isKept = (one: Reference | undefined): one is KeptLogits => one !== undefined && 'keptRows' in one;

/** One way of computing the model. `ranges` reads the counts of its nonlinear unit since the last call. */
export interface Run {
  /** For errors. */
  name?: string;
  /** Kept logits stand for a run where they are the reference. */
  arithmetic: Reference;
  ranges(): RangeCount;
}

/** Scores of one run: per block, in the order of the blocks. */
export interface RunScores extends RangeCount {
  blocks: BlockScore[];
}

/** What one finished unit (a batch of blocks) keeps: per run. */
export type BatchScores = RunScores[];

export interface EvaluateOptions {
  model: LoadedModel;
  /** Without one there are losses, and no divergence from anything: `kl` and `top1` are 0. */
  reference: Reference | undefined;
  runs: readonly Run[];
  blocks: readonly Block[];
  /** Finished batches; those it holds are not computed again. */
  state: Pick<WorkState<BatchScores>, 'get' | 'set'>;
  /** Rows of one batch: several blocks go through the model as one matrix. */
  batchRows?: number;
  /** Told of targets. */
  onProgress?: OnProgress;
  /** Told, within a batch and run by run, of targets' worth of work. */
  onPart?: OnProgress;
  /** Given the reference's logits of the targets, some rows at a time, in their order; of finished batches, too. */
  onReference?: (logits: Float32Array) => void;
}

/** Rows of a batch, where nothing else is said. */
export const BATCH_ROWS = 1024;

/** Rows of logits held at a time, per run; bounds memory for large vocabularies. */
export const LOGIT_ROWS = 128;

const zeroScore = (): BlockScore => ({ loss: 0, kl: 0, top1: 0, correct: 0 });

/** Computes every block by the reference and by all runs, and scores the runs against the reference. */
export async function scoreRuns(options: EvaluateOptions): Promise<RunScores[]> {
  const { runs, blocks, state, batchRows = BATCH_ROWS, onProgress } = options;
  const totals: RunScores[] = runs.map(() => ({ blocks: [], inputs: 0, clamped: 0 }));
  const all = blocks.reduce((sum, { scored }) => sum + scored, 0);
  let [done, kept] = [0, 0];
  for (const [unit, batch] of batches(blocks, batchRows).entries()) {
    const targets = batch.reduce((sum, { scored }) => sum + scored, 0);
    let scores = state.get(String(unit));
    if (!scores) {
      scores = await evaluateBatch(options, batch, done, (share) =>
        options.onPart?.(done + Math.floor(share * targets), all, kept),
      );
      state.set(String(unit), scores);
    } else {
      // Scores are kept, logits are not: the reference is computed again, one of all the ways of computing.
      if (options.onReference) await evaluateBatch({ ...options, runs: [] }, batch, done, () => {});
      kept += options.onReference ? (targets * runs.length) / (1 + runs.length) : targets;
    }
    for (const [run, total] of totals.entries()) {
      total.blocks.push(...scores[run].blocks);
      total.inputs += scores[run].inputs;
      total.clamped += scores[run].clamped;
      const { tallies } = scores[run];
      if (tallies) total.tallies = tallies.map((count, i) => count + (total.tallies?.[i] ?? 0));
    }
    done += targets;
    onProgress?.(done, all, kept);
  }
  return totals;
}

/** Blocks that go through the model as one matrix: in a row, up to so many rows. */
export function batches(blocks: readonly Block[], rows = BATCH_ROWS): Block[][] {
  const result: Block[][] = [];
  let held = Infinity;
  for (const block of blocks) {
    // An image counts as its patches would: 64 rows stand for one.
    const size = block.rows ?? (block.pixels ? 64 : block.ids!.length);
    if (held + size > rows) {
      result.push([]);
      held = 0;
    }
    result.at(-1)!.push(block);
    held += size;
  }
  return result;
}

/** @param first target of the batch, among all */
async function evaluateBatch(
  { model, reference, runs, onReference }: EvaluateOptions,
  blocks: readonly Block[],
  first: number,
  onShare: (share: number) => void,
): Promise<BatchScores> {
  const batch = batchOf(blocks);
  const width = model.config.hidden;
  const rows = Int32Array.from(blocks.flatMap(({ targets }) => [...targets])).entries();
  const scored = [...rows].filter(([, target]) => target >= 0);
  const gather = (hidden: Float32Array): Float32Array => {
    const out = new Float32Array(scored.length * width);
    for (const [i, [row]] of scored.entries()) {
      out.set(hidden.subarray(row * width, (row + 1) * width), i * width);
    }
    return out;
  };
  // Runs that differ in the output matrix alone have the layers in common.
  const passes = new Map<string, Float32Array>();
  const units: unknown[] = [];
  const keyOf = (arithmetic: Arithmetic): string => {
    const { activations, weights, kv, products, nonlinear } = arithmetic;
    if (!units.includes(nonlinear)) units.push(nonlinear);
    return JSON.stringify([activations, weights, kv, products, units.indexOf(nonlinear)]);
  };
  /** Ways of computing that are done, the reference among them. */
  let passed = 0;
  /** The batch, which tells how far it has come: layers of a large model take many seconds each. */
  const telling = told(batch, (layer, layers) => onShare((passed + layer / layers) / (1 + runs.length)));
  const hiddenOf = (arithmetic: Reference): Float32Array | undefined => {
    if (isKept(arithmetic)) return undefined;
    const key = keyOf(arithmetic);
    const hidden = passes.get(key) ?? gather(model.forward(telling, arithmetic));
    passes.set(key, hidden);
    return hidden;
  };
  const exact = reference && hiddenOf(reference);
  const results: (RunScores & { hidden: Float32Array | undefined })[] = [];
  for (const run of runs) {
    // Lets signals in between two passes.
    await setImmediate();
    passed = 1 + results.length;
    onShare(passed / (1 + runs.length));
    run.ranges();
    const hidden = named(run.name, () => hiddenOf(run.arithmetic));
    results.push({ hidden, blocks: blocks.map(zeroScore), ...run.ranges() });
  }
  await setImmediate();
  const blockOf = blocks.flatMap(({ scored }, i) => Array.from({ length: scored }, () => i));
  for (let from = 0; from < scored.length; from += LOGIT_ROWS) {
    const to = Math.min(scored.length, from + LOGIT_ROWS);
    const targets = Int32Array.from(scored.slice(from, to), ([, target]) => target);
    const expected = isKept(reference)
      ? reference.keptRows(first + from, first + to)
      : exact && model.logits(exact, from, to);
    if (expected) onReference?.(expected);
    const logits = results.map(({ hidden }, run) => {
      const { arithmetic } = runs[run];
      return arithmetic === reference ? expected! : model.logits(hidden!, from, to, arithmetic as Arithmetic);
    });
    scoreRows(expected, logits, targets, model.outputs, (run, row, score) => {
      const block = results[run].blocks[blockOf[from + row]]!;
      block.loss += score.loss;
      block.kl += score.kl;
      block.top1 += score.top1;
      block.correct += score.correct;
    });
  }
  return results.map(({ blocks, inputs, clamped, tallies }) => ({ blocks, inputs, clamped, tallies }));
}

/** Does the work; an error says in which way of computing it arose. */
function named<T>(name: string | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof MugiError) || name === undefined) throw error;
    throw new MugiError({ ...error.details, message: `${name}: ${error.details.message}` });
  }
}
