import Table from 'cli-table3';
import { printable } from '../shown.ts';
import { readable } from './readable.ts';

/** A plain text table with a header rule; numbers right-aligned, text left-aligned. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const numeric = header.map((_, i) =>
    rows.every((row) => /^[-−+]?[\d.]/.test(String(row[i])) || row[i] === ''),
  );
  const table = new Table({
    head: [...header],
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      right: '',
      'right-mid': '',
      mid: '',
      'mid-mid': '',
      middle: ' ',
    },
  });
  for (const row of rows)
    table.push(row.map((cell) => (typeof cell === 'number' ? readable(cell) : printable(cell))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
