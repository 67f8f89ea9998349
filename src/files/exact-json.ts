/** Numbers that JSON has no word for: it writes null for three of them, and 0 for the last. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

const word = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** JSON that keeps every number: those without a word in JSON stand as `{"number": "NaN"}`. */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' && WORDS.has(word(part)) ? { number: word(part) } : part,
  );

/** The value of a text by `exactJson`. */
export const parseExactJson = (text: string): unknown =>
  JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || !('number' in part)) return part;
    return Object.keys(part).length === 1 ? (WORDS.get(String(part.number)) ?? part) : part;
  });
