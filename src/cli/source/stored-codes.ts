import type { Precision } from '../../accuracy/score/precision.ts';
import { hasPackedIntegers } from '../../model/format/packed-weights.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import type { Holding } from '../../model/weight/holding.ts';
import { remark } from '../options/output.ts';

/** Reads a model's weights for an arithmetic, and says which INT4 matrices are the file's own, where it has such. */
export function loadFor(
  opened: OpenedModel,
  holding: Holding | undefined,
  precision: Precision,
): LoadedModel {
  const model = opened.load(holding);
  sayStoredCodes(opened, model, precision);
  return model;
}

/** Says which INT4 matrices are the file's own, where it has weights as integers. */
export function sayStoredCodes(
  { checkpoint }: OpenedModel,
  { linears }: LoadedModel,
  { weights, group }: Precision,
): void {
  if (weights !== 'int4' || !hasPackedIntegers(checkpoint.unread)) return;
  const all = [...linears.values()].map(({ weight }) => weight);
  for (const weight of all) weight.int4(group);
  const own = all.filter(({ fromFile }) => fromFile !== undefined);
  if (own.length === 0)
    return remark(
      "note: the file's integers do not fit INT4 (-7 to 7 about zero, in groups): they are quantised anew",
    );
  const count = own.reduce((sum, { outputs, inputs }) => sum + outputs * inputs, 0);
  const clipped = own.reduce((sum, { fromFile }) => sum + fromFile!.clipped, 0);
  const groups = [...new Set(own.map(({ fromFile }) => fromFile!.group))].join(' and ');
  // One decimal, as of other shares, would make most of them nothing.
  const share = ((100 * clipped) / count).toPrecision(2);
  const lost = clipped === 0 ? '' : `; ${share} % of their codes are -8, which becomes -7`;
  remark(
    `note: ${own.length} of ${all.length} matrices are the INT4 of the file, in groups of ${groups}${lost}`,
  );
}
