/**
 * Values of others, as they may be shown: in messages, tables and on a terminal. A control character of a file could
 * move the cursor, set the window's title or, in the other direction, hide what is written; a nest of a file could be
 * deeper than the stack.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const UNPRINTABLE_IN_TEXT = /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code === 10) return '\\n';
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
};

/** The text with every control and direction character written as an escape: `\x1b`. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** The same for text of several lines: line breaks and tabulators stay. */
export const printableText = (text: string): string => text.replace(UNPRINTABLE_IN_TEXT, escaped);

/**
 * JSON of a value, as it may be printed: JSON itself writes the characters below a space as escapes, and leaves the other
 * control and direction characters as they are. What a reader gets is the same.
 */
export const printableJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).replace(
    /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** At most `most` characters: the middle gives way to an ellipsis, since names begin and end in what matters. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const tail = Math.floor((most - 1) / 3);
  return `${text.slice(0, most - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** On one line, printable and at most `most` characters long. */
export const line = (text: string, most: number): string => cut(printable(cut(text, 4 * most)), most);

const MOST_DEPTH = 3;
const MOST_ENTRIES = 8;
const MOST_CHARACTERS = 200;

/** Any value as JSON would write it, on one line, bounded in depth, entries and length. */
export const shown = (value: unknown): string => line(written(value, 0), MOST_CHARACTERS);

function written(value: unknown, depth: number): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${cut(value, MOST_CHARACTERS)}"`;
  if (typeof value !== 'object' || value === null) return String(value);
  const list = Array.isArray(value);
  if (depth === MOST_DEPTH) return list ? '[…]' : '{…}';
  const keys = Object.keys(value);
  const entries = keys.slice(0, MOST_ENTRIES).map((key) => {
    const text = written(Reflect.get(value, key), depth + 1);
    return list ? text : `"${cut(key, 40)}": ${text}`;
  });
  if (keys.length > MOST_ENTRIES) entries.push('…');
  return list ? `[${entries.join(', ')}]` : `{${entries.join(', ')}}`;
}
