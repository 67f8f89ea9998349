import { MugiError } from './errors.ts';

/**
 * A JSON text as a value; a byte order mark in front is passed over.
 * @param path of the file that the text is of
 * @throws MugiError with line and column of what is wrong
 */
export function parseJson(
  text: string,
  path: string,
  expected?: string,
  reviver?: (key: string, value: unknown) => unknown,
): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), reviver);
  } catch (error) {
    // A reviver is called by recursion.
    if (error instanceof RangeError) {
      throw new MugiError({ code: 'invalid-file', message: 'the JSON is nested too deeply', path, expected });
    }
    if (!(error instanceof SyntaxError)) throw error;
    const at = mistakeIn(text);
    const before = text.slice(0, at);
    const row = before.split('\n').length;
    const reason = otherThan(text) ?? error.message.split(/ in JSON|, (?:\.\.\.)?"/)[0];
    throw new MugiError({
      code: 'invalid-file',
      message: `not valid JSON: ${at >= text.trimEnd().length ? 'it ends too early' : reason}`,
      path: `${path}:${row}:${before.length - before.lastIndexOf('\n')}`,
      expected,
    });
  }
}

/** Whether lists and maps of a value stand in each other more than `most` deep. */
export const isDeeper = (value: unknown, most: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (most === 0 || Object.values(value).some((part) => isDeeper(part, most - 1)));

/** What people save in the place of a file of a hub. */
function otherThan(text: string): string | undefined {
  if (/^\s*<(!doctype|html)/i.test(text)) return 'this is a web page; save the raw file';
  return text.startsWith('version https://git-lfs')
    ? 'this is a Git LFS pointer, not the file itself'
    : undefined;
}

/** Longer texts are not searched, but blamed as a whole. */
const LONGEST = 2 ** 22;

/**
 * Position of the first wrong character, or the text's length where it ends too early. V8 tells it of some mistakes
 * only, so it is searched: a beginning of the text that holds the mistake is wrong by more than its end.
 */
function mistakeIn(text: string): number {
  if (text.length > LONGEST) return 0;
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (endsEarly(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function endsEarly(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    return position === undefined ? /end of JSON/.test(message) : Number(position) >= text.length;
  }
}
