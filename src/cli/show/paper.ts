import type { PaperItem, PaperResult } from '../../paper/item.ts';
import type { Row } from '../../present/csv.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';

/** Rows of one item that are printed; the rest is in the CSV and JSON. */
const PRINTED_ROWS = 40;

/** One figure or table. */
export function itemText({ title }: PaperItem, { rows, summary, notes }: PaperResult): string {
  const compared = rows.filter((row) => row.paper !== undefined);
  const shown = summary ?? (compared.length > 0 ? compared : rows);
  const columns = [...new Set((summary ?? rows).flatMap((row) => Object.keys(row)))].filter(
    (name) => !name.startsWith('with_'),
  );
  const few = shown.length > 2 * PRINTED_ROWS ? shown.slice(0, PRINTED_ROWS) : shown;
  const lines = [
    `\n${wrapped(title)}`,
    textTable(
      columns,
      few.map((row) => columns.map((column) => cell(row, column))),
      { keys: keysOf(columns, few) },
    ),
  ];
  if (summary !== undefined) lines.push(`all ${rows.length} rows: --csv, --json or --out`);
  else if (few.length < rows.length)
    lines.push(`… ${rows.length - few.length} more rows in --csv, --json or --out`);
  lines.push(...notes.map((note) => wrapped(`note: ${note}`, undefined, '      ')));
  return `${lines.join('\n')}\n`;
}

/** Columns of words in front, which say what a row is of. */
function keysOf(columns: readonly string[], rows: readonly Row[]): number {
  const first = columns.findIndex((column) => rows.some((row) => typeof row[column] === 'number'));
  return Math.max(1, Math.min(first < 0 ? 1 : first, 4));
}

function cell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === null) return '';
  if (column.endsWith('perplexity') && typeof value === 'number') return value.toFixed(3);
  if (column.endsWith('_share') && typeof value === 'number') return `${(value * 100).toFixed(2)} %`;
  if (column === 'deviation') return `${((value as number) * 100).toFixed(2)} %`;
  return typeof value === 'number' ? readable(value) : String(value);
}
