/** A table of Markdown under its line of titles. */
export const table = (head: string, rows: readonly string[][]): string =>
  [head, head.replaceAll(/[^|]+/g, '---'), ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
/** A page with tables between comments that name a topic, as they are now; those that it has not are left out. */
export function withTables(
  page: string,
  topic: string,
  tables: Readonly<Record<string, () => string>>,
): string {
  let text = page;
  for (const [name, make] of Object.entries(tables)) {
    const [begin, end] = [`<!-- ${topic}, ${name}: npm run docs:${topic} -->`, `<!-- /${topic}, ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < 0) continue;
    text = `${text.slice(0, from + begin.length)}\n${make()}\n${text.slice(to)}`;
  }
  return text;
}
/** pJ, ratios and mm² of the tables of docs. */
export const pJ = (value: number): string => value.toFixed(2);
