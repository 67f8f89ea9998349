import { MugiError } from '../../errors.ts';
import type { Group } from './parse.ts';

/** Where in a library a value stands: for errors. */
export interface Place {
  readonly file: string;
  /** Undefined outside of cells. */
  readonly cell?: string;
}

/** A mistake in an attribute of a group, with the file, the cell and the line. */
export function faulty(
  place: Place,
  group: Group,
  key: string,
  message: string,
  details: { received?: string; expected?: string } = {},
): MugiError {
  const inner = group.name === 'cell' || group.name === 'library' ? '' : ` of ${group.name}`;
  const owner = place.cell === undefined ? 'the library' : `cell ${place.cell}`;
  return new MugiError({
    code: 'invalid-file',
    message: `${key}${inner} of ${owner} ${message}`,
    path: `${place.file}: line ${group.lines.get(key) ?? group.line}`,
    ...details,
  });
}

/**
 * The largest quantity of any kind, in our units (ns, fF, fJ, nW, µm²): a millennium, a kilofarad, a hectare. Beyond it
 * stands no measurement, and sums and slopes would cease to be finite.
 */
const LARGEST = 1e16;

/** The one value of an attribute, undefined where it is absent. */
export const textOf = (group: Group, key: string): string | undefined =>
  group.attributes.get(key)?.[0]?.trim();

/** An attribute that is true; absent or anything else is false, as in the format's definition. */
export const isTrue = (group: Group, key: string): boolean => textOf(group, key)?.toLowerCase() === 'true';

/** An attribute that is one number, times `scale`; undefined where it is absent. */
export function numberOf(group: Group, key: string, place: Place, scale = 1): number | undefined {
  const received = group.attributes.get(key)?.[0];
  return received === undefined ? undefined : quantity(received, group, key, place, scale, 'a number');
}

/** An attribute that cannot be negative. */
export function positiveOf(group: Group, key: string, place: Place, scale = 1): number | undefined {
  const value = numberOf(group, key, place, scale);
  if (value === undefined || value >= 0) return value;
  throw faulty(place, group, key, 'must not be negative', { received: group.attributes.get(key)![0] });
}

/** An attribute that is a list of numbers, in one string or several; empty where it is absent. */
export function numbersOf(group: Group, key: string, place: Place, scale = 1): number[] {
  const numbers: number[] = [];
  for (const text of group.attributes.get(key) ?? []) {
    // Tables have millions of numbers, nearly all with commas between.
    for (const part of text.split(',')) {
      const value = Number(part) * scale;
      if (value !== 0 && Math.abs(value) <= LARGEST) numbers.push(value);
      else {
        for (const received of part.split(/\s+/)) {
          if (received !== '') numbers.push(quantity(received, group, key, place, scale, 'numbers'));
        }
      }
    }
  }
  return numbers;
}

function quantity(
  received: string,
  group: Group,
  key: string,
  place: Place,
  scale: number,
  what: string,
): number {
  const value = received.trim() === '' ? Number.NaN : Number(received) * scale;
  if (Math.abs(value) <= LARGEST) return value;
  throw faulty(place, group, key, Number.isNaN(value) ? `must be ${what}` : 'is out of range', { received });
}
