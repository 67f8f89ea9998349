import { MugiError } from '../../errors.ts';
import { Scanner, type Token } from './scanner.ts';
import { shown } from '../../shown.ts';

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

interface OpenGroup extends Group {
  readonly attributes: Map<string, readonly string[]>;
  readonly groups: Group[];
  readonly lines: Map<string, number>;
}

/** Groups inside each other: the format itself needs seven. */
const DEEPEST = 100;

/**
 * Parses Liberty text into its groups; `file` names it in errors.
 * @throws MugiError for text that is not Liberty, with its line
 */
export function parseLiberty(text: string, file: string): Group {
  return new Parser(new Scanner(text, file)).library();
}

class Parser {
  readonly #scanner: Scanner;
  /** The token at hand. */
  #token: Token | undefined;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
    this.#token = scanner.next();
  }

  library(): Group {
    const begins = 'a Liberty file begins with a library group: library (name) { … }';
    this.#skipSemicolons();
    if (this.#token === undefined) throw this.#error(begins);
    const root = this.#statement(undefined);
    if (root?.name !== 'library') throw this.#error(begins);
    const open = [root];
    for (let group = open.at(-1); group !== undefined; group = open.at(-1)) {
      this.#skipSemicolons();
      if (this.#token === undefined) {
        throw this.#error(`the group ${shown(group.name)} of line ${group.line} is never closed`);
      }
      if (this.#isMark('}')) {
        open.pop();
        this.#advance();
        continue;
      }
      const inner = this.#statement(group);
      if (inner === undefined) continue;
      if (open.length === DEEPEST) throw this.#error(`groups are nested deeper than ${DEEPEST}`);
      group.groups.push(inner);
      open.push(inner);
    }
    this.#skipSemicolons();
    if (this.#token !== undefined) throw this.#error('something stands behind the end of the library group');
    return root;
  }

  /** Reads an attribute into `group`, or the head of a group inside it, which is returned. */
  #statement(group: OpenGroup | undefined): OpenGroup | undefined {
    const { text: name, line } = this.#advance();
    if (this.#isMark(':') || this.#isMark('=')) {
      this.#advance();
      group?.attributes.set(name, [this.#expression()]);
      group?.lines.set(name, line);
      return undefined;
    }
    if (!this.#isMark('(')) throw this.#error(`${shown(name)} must be followed by ":" or "("`);
    this.#advance();
    const args: string[] = [];
    while (!this.#isMark(')')) {
      if (this.#token === undefined) {
        throw this.#error(`the parenthesis after ${shown(name)} of line ${line} is never closed`);
      }
      if (!this.#isMark(',')) args.push(this.#token.text);
      this.#advance();
    }
    this.#advance();
    if (this.#isMark('{')) {
      this.#advance();
      return { name, args, attributes: new Map(), groups: [], line, lines: new Map() };
    }
    group?.attributes.set(name, args);
    group?.lines.set(name, line);
    return undefined;
  }

  /** A value may be an unquoted expression such as `VDD * 0.9`; it ends with `;`, `}` or the line. */
  #expression(): string {
    const first = this.#token;
    if (first === undefined) throw this.#error('a value is missing at the end of the file');
    if (this.#isMark(';') || this.#isMark('}')) return '';
    const parts = [this.#advance().text];
    while (this.#token?.line === first.line && !this.#isMark(';') && !this.#isMark('}')) {
      parts.push(this.#advance().text);
    }
    return parts.join(' ');
  }

  #skipSemicolons(): void {
    while (this.#isMark(';')) this.#advance();
  }

  #isMark(mark: string): boolean {
    return this.#token?.quoted === false && this.#token.text === mark;
  }

  /** The token at hand, after which the next one is at hand. */
  #advance(): Token {
    const token = this.#token!;
    this.#token = this.#scanner.next();
    return token;
  }

  #error(message: string): MugiError {
    return this.#scanner.error(message, this.#token?.line);
  }
}
