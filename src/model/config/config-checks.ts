import { MugiError } from '../../errors.ts';

/** A feature of a checkpoint that the engine does not support. */
export function unsupported(path: string, key: string, received: string, expected: string): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `the engine does not support ${key} = ${received}`,
    path: `${path}: ${key}`,
    expected,
    received,
  });
}

/** Refuses a size that another one must divide. */
export function divides(path: string, key: string, value: number, byKey: string, by: number): void {
  if (value % by === 0) return;
  throw new MugiError({
    code: 'invalid-file',
    message: `${key} must be a multiple of ${byKey}`,
    path: `${path}: ${key}`,
    expected: `a multiple of ${by}`,
    received: String(value),
  });
}

/** Refuses token ids that have no row in the embedding. */
export function inVocabulary(path: string, key: string, ids: readonly number[], vocab: number): void {
  const outside = ids.find((id) => id < 0 || id >= vocab);
  if (outside === undefined) return;
  throw new MugiError({
    code: 'invalid-file',
    message: `${key} ${outside} is outside the vocabulary of ${vocab} tokens`,
    path: `${path}: ${key}`,
    expected: `0 to ${vocab - 1}`,
    received: String(outside),
  });
}
