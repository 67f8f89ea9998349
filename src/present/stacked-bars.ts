import { styleText } from 'node:util';

const SHADES = ['█', '▓', '▒', '░', '▞', '·'] as const;
const COLOURS = ['blue', 'cyan', 'green', 'red', 'yellow', 'gray'] as const;
const WIDTH = 40;

export interface Bar {
  label: string;
  parts: readonly number[];
  note: string;
}

/** Horizontal stacked bars in text, each of the same length; shades tell the parts apart without colour too. */
export function stackedBars(bars: readonly Bar[], names: readonly string[]): string {
  const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
  const paint = (i: number, text: string): string =>
    colour ? styleText(COLOURS[i % COLOURS.length], text) : text;
  const labelWidth = Math.max(...bars.map(({ label }) => label.length));
  const lines = bars.map(({ label, parts, note }) => {
    const whole = parts.reduce((a, b) => a + b, 0);
    let [done, drawn] = [0, 0];
    const cells = parts.map((part, i) => {
      done += part;
      const end = whole > 0 ? Math.round((done / whole) * WIDTH) : 0;
      const text = SHADES[i % SHADES.length].repeat(end - drawn);
      drawn = end;
      return paint(i, text);
    });
    return `${label.padEnd(labelWidth)}  ${cells.join('')}${' '.repeat(WIDTH - drawn)}  ${note}`;
  });
  const legend = names.map((name, i) => `${paint(i, SHADES[i % SHADES.length])} ${name}`).join('  ');
  return [...lines, `${' '.repeat(labelWidth)}  ${legend}`].join('\n');
}
