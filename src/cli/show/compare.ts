import { COLUMNS, type Comparison, lossText } from '../../compare/comparison.ts';
import { gainText, verdict } from '../../evaluate/gain.ts';
import { gatesNote } from '../../evaluate/gates.ts';
import { sourcesNote } from '../../evaluate/source-ratios.ts';
import { readable } from '../../present/readable.ts';
import { duration, scaledUnit } from '../../present/si.ts';
import { stackedBars } from '../../present/stacked-bars.ts';
import { type Cell, textTable } from '../../present/table.ts';
import { styled, VERDICT_STYLES, wrapped } from '../../present/terminal.ts';
import { GROUPS } from '../../workload/operator.ts';
import { boundsText } from '../../compare/bounds.ts';
import { partsTable } from '../../compare/loss-parts.ts';

export function comparisonText(result: Comparison): string {
  const { baseline, designs, evaluations, notes } = result;
  const { workload, preset, priced } = evaluations[0];
  const gates = gatesNote(evaluations.map((evaluation) => evaluation.priced));
  const bars = stackedBars(
    designs.map(({ name, breakdown, metrics }) => ({
      label: name,
      parts: GROUPS.map((group) => breakdown[group].time_s),
      note: `${duration(metrics.time_s).padStart(8)}  ${boundsText(
        Object.values(breakdown).map(({ bound, share }) => [bound, share]),
        1,
      )}`,
    })),
    GROUPS,
  );
  const cautions = designs.some((one) => one.cautions.length > 0);
  return [
    wrapped(
      `${workload.model}, batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}), preset ${preset.name}, costs: ${priced.technology.name}`,
    ),
    wrapped(
      `×: how many times better than ${baseline} (${BASELINE}); above 1 is better in every column. Energy stands with DRAM and on chip; power, area and carbon are on chip.${cautions ? ` ${CAUTION}: see the notes on its parts.` : ''}`,
    ),
    '',
    meritTable(result),
    ...lossTable(result),
    ...(gates === undefined ? [] : ['', wrapped(gates)]),
    '',
    wrapped(sourcesNote(evaluations)),
    '',
    wrapped('Time of the whole inference by part, and what bounds it:'),
    bars,
    ...(notes.length > 0 ? ['', ...notes.map((note) => wrapped(`note: ${note}`, undefined, '      '))] : []),
    '',
  ].join('\n');
}

/** Marks of a design's name: what others are compared with, and what is not priced in full or claims too much. */
const BASELINE = '*';
const CAUTION = '†';

function meritTable({ baseline, designs, accuracy }: Comparison): string {
  const columns = COLUMNS.map((column) => {
    const values = designs.map(({ metrics }) => metrics[column.metric] ?? Number.NaN);
    return { ...column, ...scaledUnit(values, column.unit) };
  });
  const header = ['design', ...columns.map(({ short, unit }) => `${short}\n${unit}`), 'nonlinear'];
  if (accuracy) header.push(`loss − stored of ${accuracy.model}`);
  const rows = designs.map((one): Cell[] => {
    const { name, metrics, gains, method, cautions, accuracy: loss } = one;
    const own = name === baseline;
    const emphasis = (text: string): Cell => (own ? { text, style: (plain) => styled('bold', plain) } : text);
    return [
      emphasis(`${name}${own ? ` ${BASELINE}` : ''}${cautions.length > 0 ? ` ${CAUTION}` : ''}`),
      ...columns.map(({ metric, scale }): Cell => {
        const value = metrics[metric];
        return typeof value !== 'number' ? '' : merit(readable(value * scale), gains[metric]);
      }),
      method,
      ...(accuracy ? [loss ? lossText(loss) : ''] : []),
    ];
  });
  return textTable(header, rows);
}

/** What makes the losses up, designs of one arithmetic together. */
function lossTable(result: Comparison): string[] {
  const table = partsTable(result, lossText);
  if (table === undefined) return [];
  return [
    '',
    wrapped(
      `What the losses are made up of: each part alone above the stored ${result.accuracy?.model}, sums above exact ones`,
    ),
    '',
    textTable(table.header, table.rows),
  ];
}

/** A value with its gain, which has the colour of what it is. */
function merit(value: string, gain: number | undefined): Cell {
  if (gain === undefined) return value;
  const own = gainText(gain).padStart(6);
  const style = (text: string): string =>
    `${text.slice(0, text.length - own.length)}${styled(VERDICT_STYLES[verdict(gain)], own)}`;
  return { text: `${value} ${own}`, style };
}
