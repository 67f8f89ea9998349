import type { Row } from '../present/csv.ts';
import { fixed, readable } from '../present/readable.ts';

/** Columns of a table: what each repair does by itself (`with_…`) is in the CSV and JSON. */
export const shownColumns = (rows: readonly Row[]): string[] =>
  [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !name.startsWith('with_'));

/** A number of an item as people read it. */
export function shownCell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (column.endsWith('perplexity')) return value.toFixed(3);
  return column === 'deviation' || column.endsWith('_share') ? `${fixed(value * 100, 2)} %` : readable(value);
}
