import type { Block } from '../../accuracy/data/blocks.ts';
import { estimateOf, type Passes, rowsOf } from '../../accuracy/score/estimate.ts';
import { partPasses, SEPARATE } from '../../accuracy/score/accuracy-parts.ts';
import type { MeasureOptions } from '../../accuracy/score/measure.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import type { AskedItem } from '../../accuracy/study/choices.ts';
import type { Method } from '../../accuracy/study/methods-list.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Holding } from '../../model/weight/holding.ts';
import { remark } from '../options/output.ts';

/** Tokens of questions with each of their choices. */
export const rowsOfItems = (items: readonly AskedItem[]): number =>
  items.reduce((sum, { sequences }) => sum + sequences.reduce((own, { ids }) => own + ids.length - 1, 0), 0);

/**
 * Passes of a measurement: over blocks, of the stored model, exact functions, other methods, and what makes the first of them up;
 * over questions, of the stored model and the methods.
 */
export const methodPasses = (
  methods: readonly Method[],
  blocks: readonly Block[],
  items?: readonly AskedItem[],
  { reference = 'stored', parts = SEPARATE }: Pick<MeasureOptions, 'reference' | 'parts'> = {},
): Passes => {
  if (items !== undefined) return { rows: rowsOfItems(items), runs: methods.length + 1 };
  const own = 1 + methods.filter((method) => method !== 'exact').length;
  // Without the stored model its pass and those of all parts but sums are left out.
  const stored = reference === 'stored';
  const separate = parts.filter((part) => stored || part === 'sums');
  return { rows: rowsOf(blocks), runs: own + (stored ? 1 : 0) + partPasses(separate) };
};

/** Tells, before weights are read, what work will take where that is much, and refuses what the memory cannot hold. */
export function announceWork(
  opened: OpenedModel,
  passes: readonly Passes[],
  precision?: Pick<Precision, 'weights' | 'head' | 'group'>,
  holding?: Holding,
): void {
  const estimate = estimateOf(opened, passes, precision, holding);
  if (estimate === undefined) return;
  const { text, seconds, bytes } = estimate;
  remark(text, { phase: 'estimate', estimate_s: Math.round(seconds), memory_bytes: Math.round(bytes) });
}
