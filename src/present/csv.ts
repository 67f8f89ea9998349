import { printableText } from '../shown.ts';

/** A row of a long-form table: machine names with unit suffixes (`latency_s`, `area_mm2`) to plain values. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** What a spreadsheet would run as a formula, unless it is a number (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * RFC 4180 text of `rows`; the columns are the union of the rows' keys in order of first appearance. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets do not show.
 */
export function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: Row[string]): string => {
    const plain = value === null || value === undefined ? '' : printableText(String(value));
    const formula = typeof value === 'string' && FORMULA.test(plain) && !Number.isFinite(Number(plain));
    const text = formula ? `'${plain}` : plain;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}
