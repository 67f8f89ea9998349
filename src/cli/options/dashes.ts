import type { Command } from 'commander';
import { type ErrorDetails, MugiError } from '../../errors.ts';

/** Errors about what a file holds, whose path may be any word. */
const OF_FILES: readonly string[] = ['missing-file', 'invalid-file', 'unwritable'];

/** The library names keys (`weightBits`; in backticks inside a sentence); on the command line they are flags (`--weight-bits`). */
export function withDashes(error: unknown, command: Command | undefined): unknown {
  if (!(error instanceof MugiError) || command === undefined) return error;
  const flagOf = (key: string): string | undefined =>
    command.options.find((one) => one.attributeName() === key || one.name() === key)?.long ?? undefined;
  const sentence = (text: string): string =>
    text.replace(/`(\w+)`/g, (all, key: string) => flagOf(key) ?? all);
  const details: ErrorDetails = { ...error.details };
  for (const part of ['message', 'expected', 'nearest'] as const) {
    const text = details[part];
    if (text !== undefined) details[part] = sentence(text);
  }
  const { path } = details;
  // A command that takes several (`--designs`) is told which key one of them is.
  const long =
    path === undefined || OF_FILES.includes(details.code) ? undefined : (flagOf(path) ?? flagOf(`${path}s`));
  if (long === undefined) return new MugiError(details);
  if (details.message.startsWith(`${path} `)) details.message = long + details.message.slice(path!.length);
  return new MugiError({ ...details, path: long });
}
