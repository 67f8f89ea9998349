import { MugiError } from '../../errors.ts';
import { shown } from '../../shown.ts';

export interface Token {
  /** A word, a mark such as `{`, or what stands between quotes. */
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

const WORD = /[A-Za-z0-9_.+\-*!'&|^[\]<>%$/]+/y;
const MARKS = '(){}:;,=';

/** Cuts Liberty text into tokens, one at a time: libraries have tens of millions of characters. */
export class Scanner {
  readonly #text: string;
  readonly #file: string;
  #at = 0;
  #line = 1;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  /** The next token; undefined at the end. */
  next(): Token | undefined {
    const text = this.#text;
    this.#skip();
    const at = this.#at;
    if (at >= text.length) return undefined;
    const line = this.#line;
    const first = text[at];
    if (MARKS.includes(first)) {
      this.#at++;
      return { text: first, quoted: false, line };
    }
    if (first === '"') return { text: this.#quoted(), quoted: true, line };
    WORD.lastIndex = at;
    const word = WORD.exec(text)?.[0];
    if (word === undefined) throw this.error(`unexpected character ${shown(first)}`);
    const comment = word.search(/\/[/*]/);
    this.#at += comment > 0 ? comment : word.length;
    return { text: text.slice(at, this.#at), quoted: false, line };
  }

  error(message: string, line = this.#line): MugiError {
    return new MugiError({ code: 'invalid-file', message, path: `${this.#file}: line ${line}` });
  }

  /** Passes over space, comments and the backslash that continues a line. */
  #skip(): void {
    const text = this.#text;
    for (;;) {
      let at = this.#at;
      while (isSpace(text.charCodeAt(at)) || (text[at] === '\\' && isSpace(text.charCodeAt(at + 1)))) at++;
      this.#moveTo(at);
      const two = text.slice(at, at + 2);
      if (two !== '//' && two !== '/*') return;
      const end = text.indexOf(two === '//' ? '\n' : '*/', this.#at + 2);
      if (end < 0 && two === '/*') throw this.error('a comment is never closed');
      this.#moveTo(end < 0 ? text.length : end + (two === '//' ? 1 : 2));
    }
  }

  /** What stands between quotes; a backslash takes the character behind it along, or joins two lines. */
  #quoted(): string {
    const text = this.#text;
    const from = this.#at + 1;
    let end = from;
    for (;;) {
      end = text.indexOf('"', end);
      if (end < 0) throw this.error('a quoted string is never closed');
      let backslashes = 0;
      while (text[end - 1 - backslashes] === '\\') backslashes++;
      if (backslashes % 2 === 0) break;
      end++;
    }
    this.#moveTo(end + 1);
    const inside = text.slice(from, end);
    return inside.includes('\\') ? inside.replace(/\\[ \t]*\r?\n\s*/g, '') : inside;
  }

  #moveTo(to: number): void {
    for (let at = this.#at; at < to; at++) if (this.#text.charCodeAt(at) === NEWLINE) this.#line++;
    this.#at = to;
  }
}

const NEWLINE = 10;

/** Spaces and control characters; a byte order mark stands at the beginning of some files. */
const isSpace = (code: number): boolean => code <= 32 || code === 0xfeff;
