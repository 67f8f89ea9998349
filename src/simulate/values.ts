import { MugiError, unknownName } from '../errors.ts';
import { shown } from '../shown.ts';

/** Matrices of one's own, and where they were read. */
export interface Values {
  content: unknown;
  /** A file, or the name of the field; errors begin with it. */
  path: string;
}

/** Matrices by key, as yet unchecked. */
type Keyed = Readonly<Record<string, unknown>>;

/** An object whose keys are all among `keys`. */
export function keyed({ content, path }: Values, keys: readonly string[]): Keyed {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new MugiError({ code: 'invalid-file', message: 'the file must hold one JSON object', path });
  }
  const unknown = Object.keys(content).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw unknownName('key', unknown, keys, path);
  return content as Keyed;
}

/** A matrix of numbers under `key`: its shape and its values, row by row. */
export function matrix(
  file: Keyed,
  key: string,
  path: string,
): { height: number; width: number; values: Float64Array } {
  const rows = file[key];
  const fail = (message: string, where: string, received?: unknown): never => {
    throw new MugiError({
      code: 'invalid-file',
      message,
      path: `${path}: ${where}`,
      expected: 'a list of equally long lists of numbers, or the words "NaN", "Infinity", "-Infinity"',
      received: received === undefined ? undefined : shown(received),
    });
  };
  if (!Array.isArray(rows) || rows.length === 0) return fail(`${key} is missing or empty`, key, rows);
  const width = Array.isArray(rows[0]) ? rows[0].length : 0;
  if (width === 0) fail('a row is empty or no list', `${key}[0]`, rows[0]);
  const values = new Float64Array(rows.length * width);
  rows.forEach((row: unknown, r) => {
    if (!Array.isArray(row) || row.length !== width) {
      fail(`rows differ in length: row 0 has ${width} values`, `${key}[${r}]`, row);
      return;
    }
    row.forEach((cell: unknown, c) => {
      const word = cell === 'NaN' || cell === 'Infinity' || cell === '-Infinity';
      if (typeof cell !== 'number' && !word) fail('not a number', `${key}[${r}][${c}]`, cell);
      values[r * width + c] = Number(cell);
    });
  });
  return { height: rows.length, width, values };
}

interface Shape {
  height: number;
  width: number;
}

/** Refuses a matrix of another shape, which may well hold the right number of values. */
export function checkShape(key: string, path: string, actual: Shape, wanted: Shape): void {
  if (actual.height === wanted.height && actual.width === wanted.width) return;
  const text = ({ height, width }: Shape): string => `${height} rows of ${width}`;
  throw new MugiError({
    code: 'invalid-file',
    message: `${key} must have another shape`,
    path: `${path}: ${key}`,
    expected: text(wanted),
    received: text(actual),
  });
}

/** A mask: 1 where an element does not take part, 0 where it does. */
export function maskOf(values: Float64Array, width: number, path: string): Uint8Array {
  const bad = values.findIndex((value) => value !== 0 && value !== 1);
  if (bad < 0) return Uint8Array.from(values);
  throw new MugiError({
    code: 'invalid-value',
    message: 'a mask says which elements take no part',
    path: `${path}: mask[${Math.floor(bad / width)}][${bad % width}]`,
    expected: '1 for an element left out, 0 for any other',
    received: String(values[bad]),
    nearest: values[bad] > 0 ? '1' : '0',
  });
}

/** Weights of the temporal code: whole numbers -7…7. */
export function weightsOf(values: Float64Array, width: number, path: string): Int8Array {
  const bad = values.findIndex((value) => !Number.isInteger(value) || value < -7 || value > 7);
  if (bad < 0) return Int8Array.from(values);
  throw new MugiError({
    code: 'invalid-value',
    message: 'a weight does not fit the sign and 3-bit magnitude of the temporal code',
    path: `${path}: weights[${Math.floor(bad / width)}][${bad % width}]`,
    expected: 'a whole number from -7 to 7',
    received: String(values[bad]),
    nearest: String(Math.max(-7, Math.min(7, Math.round(values[bad])))),
  });
}
