import { type ErrorDetails, MugiError } from '../../src/errors.ts';

/** What an input came to: a right result, the user's mistake named, or a fault of the program. */
export type Outcome = { kind: 'accepted' } | { kind: 'refused' } | { kind: 'fault'; why: string };

export const LONGEST_MESSAGE = 4000;

/** As the command line prints it. */
const printed = ({ path, message, expected, received, nearest }: ErrorDetails): string =>
  [path, message, expected, received, nearest].filter((part) => part !== undefined).join('\n');

/** What is wrong with a text for the terminal; undefined if nothing is. */
export function unfit(text: string): string | undefined {
  const control = /[^\P{Cc}\n\t]/u.exec(text);
  if (control !== null) return `a control character (${control[0].charCodeAt(0)}) at ${control.index}`;
  return undefined;
}

/** Runs the work on an input. */
export async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    await work();
    return { kind: 'accepted' };
  } catch (error) {
    if (!(error instanceof MugiError)) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'fault', why: stack.slice(0, 600) };
    }
    if (error.details.code === 'internal') return { kind: 'fault', why: `internal: ${error.message}` };
    const text = printed(error.details);
    if (text.length > LONGEST_MESSAGE)
      return { kind: 'fault', why: `a message of ${text.length} characters` };
    const wrong = unfit(text);
    return wrong === undefined ? { kind: 'refused' } : { kind: 'fault', why: wrong };
  }
}

/** A result that is none: what a target's own check throws. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}

export function expectFinite(values: Iterable<number>, what: string): void {
  for (const value of values) if (!Number.isFinite(value)) throw new WrongResult(`${what} is ${value}`);
}
