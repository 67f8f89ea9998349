import { z } from 'zod';
import { parseJson } from '../../json.ts';

/** An object on a line of its own, as data sets come. */
export interface JsonLine {
  /** File and line, for errors. */
  at: string;
  values: Readonly<Record<string, unknown>>;
}

const Line = z.record(z.string(), z.unknown());

/**
 * The objects of a file of JSON lines, without its empty lines; what is no object has no values.
 * @throws MugiError for a line that is no JSON
 */
export const jsonLines = (text: string, path: string): JsonLine[] =>
  text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    const at = `${path}:${i + 1}`;
    return { at, values: Line.safeParse(parseJson(line, at, 'one JSON object a line')).data ?? {} };
  });

/** The first text under one of some keys. */
export const textUnder = ({ values }: JsonLine, keys: readonly string[]): string | undefined =>
  keys.map((key) => values[key]).find((value) => typeof value === 'string');
