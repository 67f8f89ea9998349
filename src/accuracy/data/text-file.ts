import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { parseJson } from '../../json.ts';
import type { TextDocument } from './embedded-text.ts';

const KIND = { what: 'text file', limit: 400 * 2 ** 20 };

/** Keys under which data sets keep their text. */
const KEYS = ['text', 'content', 'document'] as const;
const Line = z.record(z.string(), z.unknown());

/**
 * The documents of a file: one of plain UTF-8; of JSON lines (`.jsonl`, `.ndjson`, as datasets come) one a line, its text
 * under `text`, `content` or `document`. Lines without text (headings of an empty section) are left out.
 * @throws MugiError for a line that is no JSON object or has none of these keys
 */
export function textDocuments(path: string): TextDocument[] {
  const text = readText(path, KIND);
  if (!/\.(jsonl|ndjson)$/i.test(path)) return [{ name: path, text }];
  return text.split('\n').flatMap((line, i): TextDocument[] => {
    if (line.trim() === '') return [];
    const name = `${path}:${i + 1}`;
    const values = Line.safeParse(parseJson(line, name, 'one JSON object a line')).data ?? {};
    const found = KEYS.map((key) => values[key]).find((value) => typeof value === 'string');
    if (typeof found === 'string') return found.trim() === '' ? [] : [{ name, text: found }];
    throw new MugiError({
      code: 'invalid-file',
      message: 'the line holds no text',
      path: name,
      expected: `an object with ${KEYS.join(', or ')}`,
    });
  });
}
