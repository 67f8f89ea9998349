import { MugiError } from '../errors.ts';

/** A word as a POSIX shell takes it back unchanged. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The words of a command line, by a shell's rules for quotes and backslashes; nothing is expanded. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|([^])/g;
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
