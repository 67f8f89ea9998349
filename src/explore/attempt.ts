import { MugiError } from '../errors.ts';

/** The mistake of a user that an error is; what is none is thrown on. */
export function problemOf(error: unknown): MugiError {
  if (error instanceof MugiError && error.details.code !== 'internal') return error;
  throw error;
}

/** What is made, or the mistake in it. */
export function attempt<T>(make: () => T): T | MugiError {
  try {
    return make();
  } catch (error) {
    return problemOf(error);
  }
}
