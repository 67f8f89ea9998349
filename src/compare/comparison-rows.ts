import type { Row } from '../present/csv.ts';
import { sourceText } from '../question/text.ts';
import { version } from '../version.ts';
import { GROUPS } from '../workload/operator.ts';
import { COLUMNS, type Comparison } from './comparison.ts';

/**
 * What `mugi compare --json` prints: values, ratios to the baseline, time by group.
 * @param sources what each design is named in the question
 */
export function comparisonJson(
  { baseline, designs, accuracy, notes }: Comparison,
  command: string,
  sources: readonly (string | object)[],
): object {
  return {
    mugi: version,
    command,
    baseline,
    ...(accuracy ? { accuracy } : {}),
    designs: designs.map(
      ({ metrics, ratios, gains, breakdown, provenance, method, unpriced, accuracy: loss }, i) => ({
        asked: sourceText(sources[i]),
        ...metrics,
        method,
        ...(loss ? { accuracy: loss } : {}),
        provenance,
        unpriced,
        ratios,
        gains,
        breakdown,
      }),
    ),
    notes,
  };
}

/** A row a design. */
export function comparisonRows({ designs, accuracy }: Comparison): Row[] {
  return designs.map(({ metrics, ratios, gains, breakdown, method, accuracy: loss }) => ({
    ...metrics,
    method,
    ...Object.fromEntries(COLUMNS.map(({ metric }) => [`${metric}_ratio`, ratios[metric]])),
    ...Object.fromEntries(COLUMNS.map(({ metric }) => [`${metric}_gain`, gains[metric]])),
    ...Object.fromEntries(
      GROUPS.flatMap((group) => [
        [`group_${group}_time_s`, breakdown[group].time_s],
        [`group_${group}_bound`, breakdown[group].bound],
      ]),
    ),
    ...(accuracy
      ? {
          accuracy_model: accuracy.model,
          accuracy_targets: accuracy.targets,
          loss_increase: loss?.loss_increase,
          loss_increase_ci95: loss?.loss_increase_ci95,
          functions_increase: loss?.functions_increase,
          functions_increase_ci95: loss?.functions_increase_ci95,
          loss_tie: loss?.tie,
          ...Object.fromEntries(
            (loss?.parts ?? []).flatMap(({ part, loss_increase, loss_increase_ci95 }) => [
              [`${part}_alone`, loss_increase],
              [`${part}_alone_ci95`, loss_increase_ci95],
            ]),
          ),
        }
      : {}),
  }));
}
