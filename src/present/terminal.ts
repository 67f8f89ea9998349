import { styleText } from 'node:util';
import { printableText } from '../shown.ts';

/** Text is never made for less: narrower terminals wrap it themselves. */
const NARROWEST = 80;

/**
 * Columns that text may take: those of the terminal, and at least 80. Where standard output is no terminal, what the
 * variable COLUMNS says (a shell sets it, and does not export it), else 80.
 */
export function textWidth(): number {
  const { isTTY, columns } = process.stdout;
  const given = isTTY ? columns : Number(process.env.COLUMNS);
  return Number.isInteger(given) && given > NARROWEST ? given : NARROWEST;
}

/** Colours go to terminals only, and nowhere where NO_COLOR is set (no-color.org). */
const coloured = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR;

type Style = Parameters<typeof styleText>[0];

/** The text in a style of terminals, or as it is. */
export const styled = (style: Style, text: string): string =>
  coloured() && text !== '' ? styleText(style, text, { validateStream: false }) : text;

/** What is better and what is worse than a baseline. */
export const VERDICT_STYLES = { better: 'cyan', same: 'reset', worse: 'yellow' } as const;

/** A whole text as it goes to standard output: what is not ours to style has no control characters but line breaks. */
export const forOutput = (text: string): string => (coloured() ? text : printableText(text));

/**
 * Words of `text` on lines of at most `width` characters; lines behind the first begin with `indent`. Control characters,
 * which may come from the names in a file, are shown as escapes.
 */
export function wrapped(text: string, width = textWidth(), indent = ''): string {
  const plain = printableText(text);
  const lines: string[] = [];
  let line = /^ */.exec(plain)![0];
  const hang = line + indent;
  let begun = false;
  for (const word of plain.trim().split(/ +/)) {
    let rest = word;
    if (begun && line.length + 1 + rest.length > width) {
      lines.push(line);
      [line, begun] = [hang, false];
    }
    // A word longer than a line is cut where the line ends.
    while (line.length + rest.length > width && rest.length > 1) {
      const fits = Math.max(1, width - line.length - (begun ? 1 : 0));
      lines.push(`${line}${rest.slice(0, fits)}`);
      rest = rest.slice(fits);
      [line, begun] = [hang, false];
    }
    line += `${begun ? ' ' : ''}${rest}`;
    begun = true;
  }
  return [...lines, line].join('\n');
}
