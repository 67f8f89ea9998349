import { type ErrorDetails, MugiError } from '../src/errors.ts';

/** The user's mistake that `run` ends with. Any other error goes on, and that there is none is one. */
export function refusal(run: () => unknown): ErrorDetails {
  try {
    run();
  } catch (error) {
    if (error instanceof MugiError) return error.details;
    throw error;
  }
  throw new Error('nothing was refused');
}
