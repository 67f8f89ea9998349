import { COLUMNS, type Comparison, lossText } from '../../compare/comparison.ts';
import type { Row } from '../../present/csv.ts';
import { stackedBars } from '../../present/stacked-bars.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { GROUPS } from '../../workload/operator.ts';
import { version } from '../../version.ts';

export function comparisonJson({ baseline, designs, accuracy, notes }: Comparison, command: string): object {
  return {
    mugi: version,
    command,
    baseline,
    ...(accuracy ? { accuracy } : {}),
    designs: designs.map(({ metrics, ratios, breakdown, provenance, method, accuracy: loss }) => ({
      ...metrics,
      method,
      ...(loss ? { accuracy: loss } : {}),
      provenance,
      ratios,
      breakdown,
    })),
    notes,
  };
}

/** A row a design. */
export function comparisonRows({ designs, accuracy }: Comparison): Row[] {
  return designs.map(({ metrics, ratios, breakdown, method, accuracy: loss }) => ({
    ...metrics,
    method,
    ...Object.fromEntries(COLUMNS.map(({ metric }) => [`${metric}_ratio`, ratios[metric]])),
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
        }
      : {}),
  }));
}

export function comparisonText(result: Comparison): string {
  const { baseline, designs, evaluations, accuracy, notes } = result;
  const { workload, preset, priced } = evaluations[0];
  const header = ['design', ...COLUMNS.map(({ short }) => short), 'nonlinear'];
  if (accuracy) header.push(`loss − stored of ${accuracy.model}`);
  const rows = designs.map(({ name, metrics, ratios, method, accuracy: loss }) => [
    name,
    ...COLUMNS.map(({ metric, scale }) => {
      const value = metrics[metric];
      if (typeof value !== 'number') return '';
      return `${readable(value * scale)} ${`${readable(ratios[metric] ?? Number.NaN)}×`.padStart(7)}`;
    }),
    method,
    ...(accuracy ? [loss ? lossText(loss) : ''] : []),
  ]);
  const bars = stackedBars(
    designs.map(({ name, breakdown, metrics }) => ({
      label: name,
      parts: GROUPS.map((group) => breakdown[group].time_s),
      note: `${readable(metrics.time_s)} s, ${boundsOf(breakdown)}`,
    })),
    GROUPS,
  );
  return [
    `${workload.model}, batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}), preset ${preset.name}, costs: ${priced.technology.name}`,
    `× is the ratio to ${baseline}; energy, power and area are on-chip`,
    '',
    textTable(header, rows),
    '',
    'Time of the inference by part, each design over its own total, and what bounds most of it:',
    bars,
    ...(notes.length > 0 ? ['', ...notes.map((note) => `note: ${note}`)] : []),
    '',
  ].join('\n');
}

function boundsOf(breakdown: Comparison['designs'][number]['breakdown']): string {
  const waits = new Map<string, number>();
  for (const group of GROUPS) {
    const { bound, share } = breakdown[group];
    if (bound !== null) waits.set(bound, (waits.get(bound) ?? 0) + share);
  }
  return [...waits]
    .sort((a, b) => b[1] - a[1])
    .filter(([, share]) => share >= 0.005)
    .map(([bound, share]) => `${bound} ${(share * 100).toFixed(0)} %`)
    .join(', ');
}
