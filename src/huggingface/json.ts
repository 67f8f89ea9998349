import { parseJson as parsePlainJson } from '../json.ts';

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
    return parsePlainJson(plain.replace(PYTHON_NUMBERS, asJson), path, 'a whole Hugging Face config.json');
  }
}
