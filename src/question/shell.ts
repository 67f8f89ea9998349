import { MugiError } from '../errors.ts';

/** A word as a POSIX shell takes it back unchanged. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command, broken before its flags into lines of at most `width` characters where it can be; a shell reads them as one. */
export function commandLines(command: string, width: number): string {
  const parts = command.match(/(?:'[^']*'|\\[^]|[^'\\])+?(?= --|$)/g) ?? [];
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    // Behind a line that goes on stands a backslash.
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = last + part;
    else lines.push(last === undefined ? part : ` ${part}`);
  }
  return lines.join(' \\\n');
}

/** The words of a command line, by a shell's rules for quotes and backslashes; nothing is expanded. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const token = /\s+|\\\n|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|([^])/g;
  let word: string | undefined;
  for (const [text, single, double, escaped, bare, odd] of line.matchAll(token)) {
    if (odd !== undefined) {
      throw new MugiError({
        code: 'invalid-value',
        message: 'a quote is not closed in the command line',
        expected: `another ${odd}`,
        received: line,
      });
    }
    const part = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare;
    if (part !== undefined) word = (word ?? '') + part;
    else if (/^\s/.test(text) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}
