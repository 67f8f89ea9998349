import { MugiError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import type { TextDocument } from './embedded-text.ts';
import { type JsonLine, jsonLines, textUnder } from './json-lines.ts';
import { isLines, isParquet, LIMIT, readRecords } from './records.ts';

const KIND = { what: 'text file', limit: LIMIT };

/** Keys under which data sets keep their text. */
const KEYS = ['text', 'content', 'document'] as const;

/**
 * The documents of a file: one of plain UTF-8; of JSON lines (`.jsonl`, `.ndjson`, as datasets come) one a line, its text
 * under `text`, `content` or `document`. Lines without text (headings of an empty section) are left out.
 * @throws MugiError for a line that is no JSON object or has none of these keys
 */
export function textDocuments(path: string): TextDocument[] {
  const text = readText(path, KIND);
  return isLines(path) ? documentsIn(jsonLines(text, path)) : [{ name: path, text }];
}

/** The texts of Parquet files among some paths, which are not read at once as others are. */
export async function parquetTexts(
  paths: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, TextDocument[]>> {
  const found = new Map<string, TextDocument[]>();
  for (const path of paths)
    if (path !== undefined && isParquet(path))
      found.set(path, documentsIn(await readRecords(path, KIND.what)));
  return found;
}

const documentsIn = (lines: readonly JsonLine[]): TextDocument[] =>
  lines.flatMap((line): TextDocument[] => {
    const found = textUnder(line, KEYS);
    if (found !== undefined) return found.trim() === '' ? [] : [{ name: line.at, text: found }];
    throw new MugiError({
      code: 'invalid-file',
      message: 'the line holds no text',
      path: line.at,
      expected: `an object with ${KEYS.join(', or ')}`,
    });
  });
