import { MugiError } from '../errors.ts';

/** Values that one list may hold, and all lists of a space together: each of them is checked. */
export const MOST_VALUES = 2 ** 16;
const SUFFIX: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** A number as people write sizes: 128k is 131072. NaN for anything else. */
export function sized(text: string): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmg]?)$/i.exec(text.trim());
  return match === null ? Number.NaN : Number(match[1]) * SUFFIX[match[2]!.toLowerCase()]!;
}

/**
 * The numbers of a list such as `1,8,64`, `32..512:32`, `1k..128k`: single numbers, ranges with a step added
 * (`from..to:step`) or multiplied (`from..to:*factor`), and ranges without a step, which double. Ends are included
 * where the steps meet them. Order is kept, repetitions are refused.
 * @param path what the list is called in an error
 */
export function numberList(text: string, path: string): number[] {
  const values: number[] = [];
  for (const item of text.split(',')) {
    values.push(...range(item.trim(), path));
    if (values.length > MOST_VALUES) throw tooManyValues(path, 'has', item);
  }
  const seen = new Set<number>();
  for (const value of values) {
    if (seen.has(value)) throw mistake(path, 'names a value twice', text, 'each value once', String(value));
    seen.add(value);
  }
  return values;
}

function range(item: string, path: string): number[] {
  const match = /^(.+?)\.\.(.+?)(?::(\*?)(.+))?$/.exec(item);
  if (match === null) {
    const value = sized(item);
    if (!Number.isFinite(value)) throw mistake(path, 'is not a list of numbers', item, FORMS);
    return [value];
  }
  const [from, to] = [sized(match[1]!), sized(match[2]!)];
  const times = match[4] === undefined || match[3] === '*';
  const step = match[4] === undefined ? 2 : sized(match[4]);
  if (![from, to, step].every(Number.isFinite)) throw mistake(path, 'is not a range of numbers', item, FORMS);
  if (from > to)
    throw mistake(path, 'is a range that ends below its beginning', item, 'from..to with from at most to');
  if (times ? step <= 1 || from <= 0 : step <= 0)
    throw mistake(
      path,
      'is a range whose steps do not lead from its beginning to its end',
      item,
      times ? 'a beginning above 0 and a factor above 1' : 'a step above 0',
    );
  const count = times ? Math.log(to / from) / Math.log(step) : (to - from) / step;
  if (count >= MOST_VALUES) throw tooManyValues(path, 'is a range of', item);
  const values: number[] = [];
  // By index, so that errors of addition do not pile up; a little beyond the end counts as the end.
  const slack = 1 + 1e-12;
  for (let i = 0; i <= count * slack + 1e-9; i++) values.push(times ? from * step ** i : from + i * step);
  return values;
}

/** @param how `is a range of` them, or `has` them */
const tooManyValues = (path: string, how: string, received: string): MugiError =>
  mistake(path, `${how} too many values`, received, `at most ${MOST_VALUES}`);

const FORMS =
  '1,8,64 or from..to:step or from..to:*factor or from..to (doubling); k, m and g are powers of 1024';

const mistake = (
  path: string,
  what: string,
  received: string,
  expected: string,
  nearest?: string,
): MugiError =>
  new MugiError({
    code: 'invalid-value',
    message: `${path} ${what}`,
    path,
    expected,
    received,
    ...(nearest === undefined ? {} : { nearest }),
  });
