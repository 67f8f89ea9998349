import { styled, textWidth } from './terminal.ts';

const SHADES = ['█', '▓', '▒', '░', '▞', '·'] as const;
const COLOURS = ['blueBright', 'cyan', 'green', 'redBright', 'yellow', 'gray'] as const;
/** Cells of the longest bar. */
const LONGEST = 40;
const SHORTEST = 12;

export interface Bar {
  label: string;
  parts: readonly number[];
  note: string;
}

/**
 * Horizontal stacked bars in text, lengths in proportion to the values: the longest bar is the largest sum. Shades tell
 * the parts apart without colour too. A bar that is there has at least one cell, that of its largest part.
 */
export function stackedBars(bars: readonly Bar[], names: readonly string[], width = textWidth()): string {
  const paint = (i: number, text: string): string => styled(COLOURS[i % COLOURS.length], text);
  const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const labels = longest(bars.map(({ label }) => label));
  const notes = longest(bars.map(({ note }) => note));
  const cells = Math.max(SHORTEST, Math.min(LONGEST, width - labels - notes - 4));
  const sums = bars.map(({ parts }) => parts.reduce((a, b) => a + b, 0));
  const most = Math.max(...sums);
  const lines = bars.map(({ label, parts, note }, at) => {
    let [done, drawn] = [0, 0];
    let text = '';
    parts.forEach((part, i) => {
      done += part;
      const end = most > 0 ? Math.round((done / most) * cells) : 0;
      text += paint(i, SHADES[i % SHADES.length].repeat(end - drawn));
      drawn = end;
    });
    if (drawn === 0 && sums[at] > 0) {
      const largest = parts.indexOf(Math.max(...parts));
      text = paint(largest, SHADES[largest % SHADES.length]);
      drawn = 1;
    }
    return `${label.padEnd(labels)}  ${text}${' '.repeat(cells - drawn)}  ${note}`;
  });
  const legend = names.map((name, i) => `${paint(i, SHADES[i % SHADES.length])} ${name}`).join('  ');
  return [...lines, `${' '.repeat(labels)}  ${legend}`].join('\n');
}
