import { MugiError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import type { TextDocument } from './embedded-text.ts';
import { jsonLines, textUnder } from './json-lines.ts';

const KIND = { what: 'text file', limit: 400 * 2 ** 20 };

/** Keys under which data sets keep their text. */
const KEYS = ['text', 'content', 'document'] as const;

/**
 * The documents of a file: one of plain UTF-8; of JSON lines (`.jsonl`, `.ndjson`, as datasets come) one a line, its text
 * under `text`, `content` or `document`. Lines without text (headings of an empty section) are left out.
 * @throws MugiError for a line that is no JSON object or has none of these keys
 */
export function textDocuments(path: string): TextDocument[] {
  const text = readText(path, KIND);
  if (!/\.(jsonl|ndjson)$/i.test(path)) return [{ name: path, text }];
  return jsonLines(text, path).flatMap((line): TextDocument[] => {
    const found = textUnder(line, KEYS);
    if (found !== undefined) return found.trim() === '' ? [] : [{ name: line.at, text: found }];
    throw new MugiError({
      code: 'invalid-file',
      message: 'the line holds no text',
      path: line.at,
      expected: `an object with ${KEYS.join(', or ')}`,
    });
  });
}
