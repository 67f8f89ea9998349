import { MugiError } from '../errors.ts';
import { isDeeper } from '../json.ts';

const invalid = (key: string, message: string, expected: string, received: string): MugiError =>
  new MugiError({ code: 'invalid-value', message: `${key} ${message}`, path: key, expected, received });

const FACTORS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20 };

/** A finite number: `64`, `0.5`, `1e3`. */
export function numberOf(key: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw invalid(key, 'must be a number', 'a finite number', text);
}

/** A number of tokens, sequences or bits; `4k` is 4096 and `1M` is 1048576. */
export function countOf(key: string, text: string): number {
  const [, digits, factor = ''] = /^\s*(\d+(?:\.\d+)?)([km])\s*$/i.exec(text) ?? [];
  return digits === undefined ? numberOf(key, text) : Number(digits) * FACTORS[factor.toLowerCase()];
}

/**
 * The items of `a,b,c`, trimmed, empty ones dropped. A comma inside braces belongs to its item, so that a design may
 * be JSON, and one behind a backslash to a name.
 */
export function listOf(key: string, text: string): string[] {
  const items = [''];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const literal = character === '\\' && at + 1 < text.length ? text[at + 1] : '';
    if (depth === 0 && (literal === ',' || literal === '\\')) {
      items[items.length - 1] += literal;
      at++;
      continue;
    }
    if (quoted && literal !== '') {
      items[items.length - 1] += character + literal;
      at++;
      continue;
    }
    if (depth > 0 && character === '"') quoted = !quoted;
    // A brace opens JSON only where an item begins.
    if (!quoted && (depth > 0 || items.at(-1)?.trim() === '') && /[{[]/.test(character)) depth++;
    else if (!quoted && depth > 0 && /[}\]]/.test(character)) depth--;
    if (depth === 0 && character === ',') items.push('');
    else items[items.length - 1] += character;
  }
  const kept = items.map((item) => item.trim()).filter((item) => item !== '');
  if (kept.length > 0) return kept;
  throw invalid(key, 'needs at least one item', 'a list a,b,…', text);
}

/** The inverse of `listOf`. */
export const listText = (items: readonly string[]): string =>
  items.map((item) => (item.startsWith('{') ? item : item.replace(/[\\,]/g, (c) => `\\${c}`))).join(',');

/** Models and designs need a few levels; a thousand exhaust the stack of whoever writes them out again. */
export const DEEPEST = 64;

/** A name or path as it is; a text in braces is JSON. */
export function sourceOf(key: string, text: string): string | object {
  if (!text.trimStart().startsWith('{')) return text;
  let source: object;
  try {
    source = JSON.parse(text) as object;
  } catch (error) {
    throw invalid(key, 'is not valid JSON', 'a name, a path or a JSON object', (error as Error).message);
  }
  if (isDeeper(source, DEEPEST))
    throw invalid(key, 'is nested too deeply', `at most ${DEEPEST} lists and maps in each other`, 'more');
  return source;
}

export const sourceText = (source: string | object): string =>
  typeof source === 'string' ? source : JSON.stringify(source);
