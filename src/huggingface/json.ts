import { MugiError } from '../errors.ts';

/** A string, which is left as it is, or one of the numbers that Python's json writes and JSON does not have. */
const PYTHON_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\bInfinity\b|\bNaN\b/gs;

/** JSON has no infinity, but a literal beyond the range of a double reads as one. NaN means "no number": null. */
const asJson = (token: string): string =>
  token === 'Infinity' ? '1e999' : token === '-Infinity' ? '-1e999' : token === 'NaN' ? 'null' : token;

/**
 * Parses the JSON of a Hugging Face file. Python's json module writes `Infinity`, `-Infinity` and `NaN`
 * (`time_step_limit: [0.0, Infinity]` in state-space models); they are read as such.
 * @param path the file, for errors
 * @throws MugiError with line and column of what is no JSON
 */
export function parseJson(text: string, path: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(plain);
  } catch {
    const json = plain.replace(PYTHON_NUMBERS, asJson);
    try {
      return JSON.parse(json);
    } catch (error) {
      throw malformed(json, (error as Error).message, path);
    }
  }
}

function malformed(text: string, message: string, path: string): MugiError {
  // V8 tells the offset of a wrong character; without one, the text ended too early.
  const offset = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split('\n');
  const truncated = offset === undefined || Number(offset) >= text.trimEnd().length;
  return new MugiError({
    code: 'invalid-file',
    message: truncated
      ? 'the JSON ends too early'
      : `the file is no valid JSON (${message.split(' in JSON')[0]})`,
    path: `${path}:${before.length}:${before.at(-1)!.length + 1}`,
    expected: 'a whole Hugging Face config.json',
  });
}
