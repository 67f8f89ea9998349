import { type ErrorCode, MugiError } from '../../errors.ts';

/** Mistakes whose place is a file that a space names. */
const OF_FILES: readonly ErrorCode[] = ['missing-file', 'invalid-file', 'unwritable'];

/**
 * What `make` makes; where it refuses a value, the mistake is at that value's place in the space.
 * @param path the place, or what gives it for the key that is wrong
 */
export function placed<T>(path: string | ((key: string | undefined) => string), make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MugiError) || OF_FILES.includes(error.details.code)) throw error;
    throw new MugiError({
      ...error.details,
      path: typeof path === 'string' ? path : path(error.details.path),
    });
  }
}
