import { estimateOf, type Passes } from '../../accuracy/score/estimate.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import type { AskedItem } from '../../accuracy/study/choices.ts';
import type { OpenedModel } from '../../model/load.ts';
import { remark } from '../options/output.ts';

/** Tokens of questions with each of their choices. */
export const rowsOfItems = (items: readonly AskedItem[]): number =>
  items.reduce((sum, { sequences }) => sum + sequences.reduce((own, { ids }) => own + ids.length - 1, 0), 0);

/** Tells, before weights are read, what work will take where that is much, and refuses what the memory cannot hold. */
export function announceWork(
  opened: OpenedModel,
  passes: readonly Passes[],
  precision?: Pick<Precision, 'weights' | 'head' | 'group'>,
): void {
  const text = estimateOf(opened, passes, precision);
  if (text !== undefined) remark(text);
}
