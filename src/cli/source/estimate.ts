import type { Block } from '../../accuracy/data/blocks.ts';
import { estimateOf, kindOf, type PassKind, type Passes, rowsOf } from '../../accuracy/score/estimate.ts';
import { SEPARATE } from '../../accuracy/score/accuracy-parts.ts';
import type { MeasureOptions } from '../../accuracy/score/measure.ts';
import { aloneAt, isFull, type Precision } from '../../accuracy/score/precision.ts';
import type { AskedItem } from '../../accuracy/study/choices.ts';
import type { Method } from '../../accuracy/study/methods-list.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Holding } from '../../model/weight/holding.ts';
import { EXACT_SUMS } from '../../vlp/gemm.ts';
import { remark } from '../options/output.ts';

/** Tokens of questions with each of their choices. */
export const rowsOfItems = (items: readonly AskedItem[]): number =>
  items.reduce((sum, { sequences }) => sum + sequences.reduce((own, { ids }) => own + ids.length - 1, 0), 0);

/**
 * Passes of a measurement: over blocks, of the stored model, exact functions, other methods, and what makes the first of them up;
 * over questions, of the stored model and the methods.
 */
export function methodPasses(
  methods: readonly Method[],
  blocks: readonly Block[],
  precision: Precision,
  items?: readonly AskedItem[],
  { reference = 'stored', parts = SEPARATE }: Pick<MeasureOptions, 'reference' | 'parts'> = {},
): Passes[] {
  const own = kindOf(precision);
  if (items !== undefined) return byKind(rowsOfItems(items), ['stored', ...methods.map(() => own)]);
  // Without the stored model its pass and those of all parts but sums are left out.
  const stored = reference === 'stored';
  const separate = parts
    .filter((part) => stored || part === 'sums')
    .flatMap((part): PassKind[] => {
      if (part === 'sums') return [kindOf({ ...precision, products: EXACT_SUMS })];
      const alone = aloneAt(part, precision);
      // The output matrix alone has the layers of the stored model.
      return alone === undefined || part === 'head' ? [] : [kindOf(alone)];
    });
  // Exact functions in the stored arithmetic are the stored model.
  const same = stored && isFull(precision);
  return byKind(rowsOf(blocks), [
    ...(stored ? (['stored'] as const) : []),
    ...(same ? [] : [own]),
    ...methods.filter((method) => method !== 'exact').map(() => own),
    ...separate,
  ]);
}

const byKind = (rows: number, kinds: readonly PassKind[]): Passes[] =>
  [...new Set(kinds)].map((kind) => ({ rows, kind, runs: kinds.filter((one) => one === kind).length }));

/** Tells, before weights are read, what work will take where that is much, and refuses what the memory cannot hold. */
export function announceWork(
  opened: OpenedModel,
  passes: readonly Passes[],
  precision?: Pick<Precision, 'weights' | 'head' | 'group' | 'products'>,
  holding?: Holding,
): void {
  const estimate = estimateOf(opened, passes, precision, holding);
  if (estimate === undefined) return;
  const { text, seconds, bytes } = estimate;
  remark(text, { phase: 'estimate', estimate_s: Math.round(seconds), memory_bytes: Math.round(bytes) });
}
