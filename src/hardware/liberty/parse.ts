import { MugiError } from '../../errors.ts';

/** A group `name (args) { … }` of a Liberty file: simple and complex attributes, and groups inside. */
export interface Group {
  readonly name: string;
  readonly args: readonly string[];
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly groups: readonly Group[];
  readonly line: number;
  /** Line of each attribute. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Parses Liberty text into its groups; `file` names it in errors.
 * @throws MugiError for text that is not Liberty, with its line
 */
export function parseLiberty(text: string, file: string): Group {
  const parser = new Parser(text, file);
  const group = parser.statement();
  if (group === undefined || !('groups' in group) || group.name !== 'library') {
    throw parser.error('a Liberty file begins with a library group: library (name) { … }');
  }
  return group;
}

interface Attribute {
  readonly name: string;
  readonly values: readonly string[];
  readonly line: number;
}

const TOKEN =
  /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|\\\r?\n|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([A-Za-z0-9_.+\-*!'&|^[\]<>%$]+)|([(){}:;,=])/gy;

/** Groups stand in groups five deep at the most (library, cell, pin, timing, table). */
const MAX_DEPTH = 50;

class Parser {
  #depth = 0;
  readonly #tokens: { text: string; line: number }[] = [];
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#file = file;
    let line = 1;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) {
        this.#tokens.push({ text: '', line });
        this.#at = this.#tokens.length - 1;
        throw this.error(`unexpected character "${text[start]}"`);
      }
      const token = match[1] ?? match[2] ?? match[3];
      if (token !== undefined) {
        this.#tokens.push({ text: match[1] === undefined ? token : token.replace(/\\\r?\n\s*/g, ''), line });
      }
      line += match[0].split('\n').length - 1;
    }
  }

  /** The next group or attribute; undefined at a closing brace or the end. */
  statement(): Group | Attribute | undefined {
    while (this.#peek() === ';') this.#at++;
    const name = this.#peek();
    if (name === undefined || name === '}') return undefined;
    const { line } = this.#tokens[this.#at];
    this.#at++;
    const next = this.#peek();
    if (next === ':' || next === '=') {
      this.#at++;
      return { name, values: [this.#expression()], line };
    }
    if (next !== '(') throw this.error(`"${name}" must be followed by ":" or "("`);
    this.#at++;
    const args: string[] = [];
    while (this.#peek() !== ')') {
      const token = this.#peek();
      if (token === undefined) throw this.error(`the parenthesis after "${name}" is never closed`);
      if (token !== ',') args.push(token);
      this.#at++;
    }
    this.#at++;
    if (this.#peek() !== '{') return { name, values: args, line };
    this.#at++;
    const attributes = new Map<string, readonly string[]>();
    const lines = new Map<string, number>();
    const groups: Group[] = [];
    if (++this.#depth > MAX_DEPTH)
      throw this.error(`groups stand in one another more than ${MAX_DEPTH} deep`);
    for (;;) {
      const inner = this.statement();
      if (inner === undefined) break;
      if ('groups' in inner) groups.push(inner);
      else {
        attributes.set(inner.name, inner.values);
        lines.set(inner.name, inner.line);
      }
    }
    if (this.#peek() !== '}') throw this.error(`the group "${name}" of line ${line} is never closed`);
    this.#at++;
    this.#depth--;
    return { name, args, attributes, groups, line, lines };
  }

  error(message: string): MugiError {
    const line = (this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? { line: 1 }).line;
    return new MugiError({ code: 'invalid-file', message, path: `${this.#file}: line ${line}` });
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }

  /** A value may be an unquoted expression such as `VDD * 0.9`; it ends with `;` or the line. */
  #expression(): string {
    const first = this.#tokens[this.#at];
    if (first === undefined) throw this.error('a value is missing at the end of the file');
    const parts: string[] = [];
    while (this.#at < this.#tokens.length) {
      const { text, line } = this.#tokens[this.#at];
      if (text === ';' || (text === '}' && parts.length > 0) || (parts.length > 0 && line !== first.line))
        break;
      parts.push(text);
      this.#at++;
    }
    return parts.join(' ');
  }
}
