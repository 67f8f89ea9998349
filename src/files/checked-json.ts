import type { z } from 'zod';
import { MugiError, nearest } from '../errors.ts';
import { type FileKind, readJson } from './read.ts';

/**
 * A JSON file of a known shape. Errors name the file and the key in it, and for an unknown key the nearest one.
 * @param keysAt keys that may stand in the object at a path
 * @param format what the file must be, for errors
 */
export function readChecked<T>(
  path: string,
  kind: FileKind,
  schema: z.ZodType<T>,
  keysAt: (at: readonly PropertyKey[]) => readonly string[],
  format: string,
): T {
  const parsed = schema.safeParse(readJson(path, kind));
  if (parsed.success) return parsed.data;
  // A key that is unknown explains one that is missing.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const known = keysAt(issue.path);
  const key = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  throw new MugiError({
    code: 'invalid-file',
    message: issue.message,
    path: key === '' ? path : `${path}: ${key.slice(1)}`,
    expected: unknown === undefined ? format : `one of ${known.join(', ')}`,
    ...(unknown === undefined ? {} : { nearest: nearest(unknown, known) }),
  });
}
