import type { Swept } from '../../explore/sweep.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';

/** Metrics that a table shows unless a plot asks for others. */
const SHOWN = ['tokens_per_s', 'time_per_output_token_s', 'energy_per_token_J', 'power_W', 'area_mm2'];
/** A terminal holds no more; files do. */
const MOST = 60;

export function sweepText(
  rows: readonly Swept[],
  swept: readonly string[],
  wanted: readonly string[],
): string {
  const metrics = [...new Set([...wanted, ...SHOWN])];
  const header = ['design', ...swept, ...metrics];
  const shown = rows.slice(0, MOST);
  const cell = (row: Swept, name: string): string => {
    const value = (row as Record<string, unknown>)[name];
    if (value === null || value === undefined) return '–';
    return typeof value === 'number' && metrics.includes(name) ? readable(value) : String(value);
  };
  const table = textTable(
    header,
    shown.map((row) => header.map((name) => cell(row, name))),
  );
  const more =
    rows.length > MOST ? `\n${MOST} of ${rows.length} rows; --csv, --json and --parquet hold all` : '';
  return `${table}${more}\n`;
}
