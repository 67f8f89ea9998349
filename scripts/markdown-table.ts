/** A table of Markdown under its line of titles. */
export const table = (head: string, rows: readonly string[][]): string =>
  [head, head.replaceAll(/[^|]+/g, '---'), ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
/** pJ, ratios and mm² of the tables of docs. */
export const pJ = (value: number): string => value.toFixed(2);
