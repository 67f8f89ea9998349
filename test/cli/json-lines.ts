/** Standard error of a command with `--json`: an object a line. */
export const linesOf = (stderr: string): Record<string, unknown>[] =>
  stderr
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** What is said in them, beside the progress of work. */
export const notesOf = (stderr: string): unknown[] =>
  linesOf(stderr)
    .filter(({ phase }) => phase === undefined)
    .map(({ note }) => note);

/** The same as text, whatever a command was asked to print. */
export const saidIn = (stderr: string): string => stderr.replaceAll(/^\{.*"phase":.*\}\n/gm, '');
