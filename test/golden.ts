import { readFileSync } from 'node:fs';

/** Rows of a CSV under test/golden as records of text; no quoted cells there. */
export function goldenRows(path: string): Record<string, string>[] {
  const [header = '', ...lines] = readFileSync(new URL(`golden/${path}`, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}
