import type { PaperItem, PaperResult } from '../../paper/item.ts';
import { shownCell, shownColumns } from '../../paper/shown.ts';
import type { Row } from '../../present/csv.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';

/** Rows of one item that are printed; the rest is in the CSV and JSON. */
const PRINTED_ROWS = 40;

/** One figure or table. */
export function itemText({ title }: PaperItem, { rows, summary, notes }: PaperResult): string {
  const compared = rows.filter((row) => row.paper !== undefined);
  const shown = summary ?? (compared.length > 0 ? compared : rows);
  const columns = shownColumns(summary ?? rows);
  const few = shown.length > 2 * PRINTED_ROWS ? shown.slice(0, PRINTED_ROWS) : shown;
  const lines = [
    `\n${wrapped(title)}`,
    textTable(
      columns,
      few.map((row) => columns.map((column) => shownCell(row, column))),
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
