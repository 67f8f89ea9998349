import type { z } from 'zod';
import { type ErrorDetails, MugiError, nearest } from '../errors.ts';

/** Where in a file: keys and indices from its root. */
export type Path = readonly (string | number)[];

/** Renders a path for a message: line and column where the source is known. `on` says which end of an entry. */
export type Locate = (path: Path, on: 'key' | 'value') => string;

export const dotted: Locate = (path) => (path.length === 0 ? 'design' : path.join('.'));

/** A mistake at a place of a design file. */
export function problem(
  locate: Locate,
  path: Path,
  details: Omit<ErrorDetails, 'path'>,
  on: 'key' | 'value' = 'value',
): MugiError {
  return new MugiError({ ...details, path: locate(path, on) });
}

/** A word that must be one of `known`, with the nearest. */
export function unknownWord(
  locate: Locate,
  path: Path,
  what: string,
  word: string,
  known: readonly string[],
  on: 'key' | 'value' = 'value',
): MugiError {
  return problem(
    locate,
    path,
    {
      code: 'unknown-name',
      message: `unknown ${what} "${word}"`,
      expected: `one of ${known.join(', ')}`,
      received: word,
      nearest: nearest(word, known) ?? known.find((candidate) => candidate.startsWith(word)),
    },
    on,
  );
}

/** The value as the user would recognise it, short. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null (an empty value)';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return `keys ${Object.keys(value).join(', ') || '(none)'}`;
  const text = typeof value === 'string' ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
    root,
  );

/** First complaint of a schema as the mistake of a user: misspelt keys first, since they cause the rest. */
export function schemaProblem(
  locate: Locate,
  root: unknown,
  issues: readonly z.core.$ZodIssue[],
  keysAt: (path: Path) => readonly string[],
): MugiError {
  const flat = issues.flatMap(innermost);
  const issue = flat.find(({ code }) => code === 'unrecognized_keys') ?? flat[0];
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    return unknownWord(locate, [...path, key], 'key', key, keysAt(path), 'key');
  }
  const value = valueAt(root, path);
  const received = shown(value);
  if (issue.code === 'invalid_value' && typeof value === 'string')
    return unknownWord(locate, path, 'value', value, issue.values.map(String));
  const missing = value === undefined && path.length > 0;
  return problem(locate, path, {
    code: 'invalid-value',
    message: missing ? `"${String(path.at(-1))}" is missing` : `${dotted(path, 'value')} is not valid`,
    expected: expectation(issue),
    received,
    ...limit(issue),
  });
}

/** The complaint of the alternative that fits best: the one that got furthest into the value. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const deep = issue.errors.find(
    (errors) =>
      errors.length > 0 && errors.every(({ code, path }) => code === 'unrecognized_keys' || path.length > 0),
  );
  if (deep === undefined) return [issue];
  return deep.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function expectation(issue: z.core.$ZodIssue): string {
  // A message of the schema itself says more than the kind of the complaint.
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return (
        {
          int: 'a whole number',
          number: 'a number',
          object: 'keys and values',
          record: 'keys and values',
          array: 'a list',
          string: 'text',
          boolean: 'true or false',
        }[issue.expected as string] ?? issue.expected
      );
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'text that is not empty';
      if (issue.origin === 'array' && issue.minimum === 1) return 'a list of at least one';
      return `${issue.origin === 'array' ? 'a length' : 'a number'} ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`;
    case 'too_big':
      if (issue.maximum === Number.MAX_SAFE_INTEGER) return 'a whole number of a sensible size';
      return `${issue.origin === 'string' ? 'a length' : 'a number'} of at most ${issue.maximum}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

function limit(issue: z.core.$ZodIssue): { nearest?: string } {
  if (issue.code === 'too_big' && issue.origin !== 'string' && issue.maximum !== Number.MAX_SAFE_INTEGER)
    return { nearest: String(issue.maximum) };
  if (
    issue.code === 'too_small' &&
    issue.origin !== 'array' &&
    issue.origin !== 'string' &&
    issue.inclusive !== false
  )
    return { nearest: String(issue.minimum) };
  return {};
}
