import type { Row } from '../../present/csv.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import type { Forms } from '../options/output.ts';
import type { ResultHead } from '../source/result-head.ts';

/** Metrics that a table shows unless a plot asks for others. */
const SHOWN = ['tokens_per_s', 'time_per_output_token_s', 'energy_per_token_J', 'power_W', 'area_mm2'];
/** What a comparison over lists shows first: how many times better than the baseline of its own each answer is. */
export const SWEPT_COLUMNS = ['tokens_per_s_gain', 'energy_per_token_with_dram_J_gain', 'area_mm2_gain'];
/** A terminal holds no more; files do. */
const MOST = 60;

/** Answers to a question of which some keys have lists: one row each, whatever they are printed as. */
export const sweptForms = (
  rows: readonly Row[],
  head: ResultHead,
  wanted: readonly string[] = [],
): Required<Omit<Forms, 'compact'>> => ({
  json: () => ({ ...head, rows }),
  csv: () => rows,
  text: () =>
    sweepText(
      rows,
      (head.swept ?? []).map(({ name }) => name),
      [...new Set([...wanted, ...SHOWN])],
    ),
});

function sweepText(rows: readonly Row[], swept: readonly string[], metrics: readonly string[]): string {
  const header = ['design', ...swept, ...metrics];
  const shown = rows.slice(0, MOST);
  const cell = (row: Row, name: string): string => {
    const value = row[name];
    if (value === null || value === undefined) return '–';
    return typeof value === 'number' && metrics.includes(name) ? readable(value) : String(value);
  };
  const table = textTable(
    header,
    shown.map((row) => header.map((name) => cell(row, name))),
    { keys: 1 + swept.length },
  );
  const more =
    rows.length > MOST ? `\n${MOST} of ${rows.length} rows; --csv, --json and --parquet hold all` : '';
  return `${table}${more}\n`;
}
