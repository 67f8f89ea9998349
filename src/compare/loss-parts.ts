import { ACCURACY_PARTS, type AccuracyPart, PART_NAMES } from '../accuracy/score/accuracy-parts.ts';
import type { LossIncrease } from '../accuracy/score/loss-increase.ts';
import type { Comparison } from './comparison.ts';

/** Designs that compute one thing, and what it costs. */
interface SharedLoss {
  designs: string[];
  loss: LossIncrease;
}

/** Losses of a comparison, those of equal arithmetic once, in the order of the designs. */
function sharedLosses({ designs }: Pick<Comparison, 'designs'>): SharedLoss[] {
  const found = new Map<LossIncrease, string[]>();
  for (const { name, accuracy } of designs) {
    if (accuracy !== undefined) found.set(accuracy, [...(found.get(accuracy) ?? []), name]);
  }
  return [...found].map(([loss, names]) => ({ designs: names, loss }));
}

/** Parts that some of the losses have, in the order in which `mugi accuracy` prints them. */
const partsIn = (losses: readonly SharedLoss[]): AccuracyPart[] =>
  ACCURACY_PARTS.filter((part) => losses.some(({ loss }) => loss.parts.some((one) => one.part === part)));

/** A table of what makes the losses up: a header, and a row for each arithmetic; undefined where no parts were measured. */
export function partsTable<T>(
  comparison: Pick<Comparison, 'designs'>,
  cell: (loss: LossIncrease['parts'][number] | LossIncrease) => T,
): { header: string[]; rows: (string | T)[][] } | undefined {
  const losses = sharedLosses(comparison);
  const parts = partsIn(losses);
  if (parts.length === 0) return undefined;
  return {
    header: ['designs', ...parts.map((part) => PART_NAMES[part]), PART_NAMES.all],
    rows: losses.map(({ designs, loss }) => [
      designs.join(', '),
      ...parts.map((part) => {
        const one = loss.parts.find((own) => own.part === part);
        return one === undefined ? '–' : cell(one);
      }),
      cell(loss),
    ]),
  };
}
