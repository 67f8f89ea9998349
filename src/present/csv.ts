/** A row of a long-form table: machine names with unit suffixes (`latency_s`, `area_mm2`) to plain values. */
export type Row = Record<string, string | number | boolean | null | undefined>;

/** RFC 4180 text of `rows`; the columns are the union of the rows' keys in order of first appearance. */
export function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: Row[string]): string => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}
