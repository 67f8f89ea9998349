import { COLUMNS, type Comparison, lossText } from '../../compare/comparison.ts';
import { stackedBars } from '../../present/stacked-bars.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { GROUPS } from '../../workload/operator.ts';

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
