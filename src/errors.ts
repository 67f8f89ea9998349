import { distance } from 'fastest-levenshtein';
import { cut, line } from './shown.ts';

/** What kind of mistake it is; scripts may rely on these words. */
export type ErrorCode =
  | 'unknown-name'
  | 'invalid-value'
  | 'invalid-file'
  | 'missing-file'
  | 'unsupported'
  | 'unwritable'
  | 'missing-tool'
  | 'internal';

export interface ErrorDetails {
  code: ErrorCode;
  /** One sentence, no trailing full stop, that a user can act on. */
  message: string;
  /**
   * The key of the question or of the options (`weightBits`), or the file with the key or line inside it, that the mistake
   * is in: `config.json: num_attention_heads`. Sentences that name another key have it in backticks.
   */
  path?: string;
  expected?: string;
  received?: string;
  /** The nearest valid value, where there is one. */
  nearest?: string;
}

/** Characters that each part of a message may have: with labels less than 4,000, whatever a file holds. */
const MOST = { message: 1000, path: 500, expected: 1200, received: 300, nearest: 200 };

/**
 * A user's mistake, as data: every text on one line, bounded and without control characters. The CLI prints it as one message and exits with status 1; nothing else prints. */
export class MugiError extends Error {
  readonly details: ErrorDetails;

  constructor({ code, ...texts }: ErrorDetails) {
    const message = line(texts.message, MOST.message);
    super(message);
    this.name = 'MugiError';
    this.details = { code, message };
    for (const key of ['path', 'expected', 'received', 'nearest'] as const) {
      const text = texts[key];
      if (text !== undefined) this.details[key] = line(text, MOST[key]);
    }
  }
}

/** An error of another thread, on the way from which it has lost its class: a user's mistake becomes one again. */
export function fromThread(error: unknown): unknown {
  const { name, details } = Object(error) as Partial<MugiError>;
  return name === 'MugiError' && details !== undefined ? new MugiError(details) : error;
}

/** Longer words are not misspelt names, and computing their distance takes time in proportion to both lengths. */
const LONGEST_NAME = 200;

/** The candidate closest to `word` by edit distance, or undefined when none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_NAME) return undefined;
  const limit = Math.max(2, Math.ceil(word.length / 2));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST_NAME) continue;
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

export function unknownName(what: string, name: string, known: Iterable<string>, path?: string): MugiError {
  const names = [...known];
  const first = names.slice(0, 24).map((known) => cut(known, 60));
  const listed = names.length <= 24 ? first.join(', ') : `${first.join(', ')}, …`;
  return new MugiError({
    code: 'unknown-name',
    message: `unknown ${what} "${name}"`,
    path,
    expected: `one of ${listed}`,
    received: name,
    nearest: nearest(name, names),
  });
}

/**
 * Checks a whole number in [min, max] and returns it; `name` is the option or key as the user wrote it.
 * @throws MugiError for anything else
 */
export function wholeNumber(name: string, value: number, min: number, max: number, path?: string): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const clamped = Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : undefined;
  throw new MugiError({
    code: 'invalid-value',
    message: `${name} must be a whole number from ${min} to ${max}`,
    path: path ?? name,
    expected: `whole number in [${min}, ${max}]`,
    received: String(value),
    nearest: clamped === undefined ? undefined : String(clamped),
  });
}
