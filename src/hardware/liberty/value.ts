import { MugiError } from '../../errors.ts';
import type { Group } from './parse.ts';

/** Where in a library a value stands: for errors. */
export interface Place {
  readonly file: string;
  /** Undefined outside of cells. */
  readonly cell?: string;
}

/** In any unit, nothing of a cell is larger: what is would leave the range of numbers when units are converted. */
const LARGEST = 1e30;

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

/** An attribute that is one number, undefined where it is absent. */
export function numberOf(group: Group, key: string, place: Place): number | undefined {
  const received = group.attributes.get(key)?.[0];
  if (received === undefined) return undefined;
  const value = received === '' ? Number.NaN : Number(received);
  if (Math.abs(value) <= LARGEST) return value;
  throw faulty(place, group, key, 'must be a number', { received });
}

/** An attribute that cannot be negative. */
export function positiveOf(group: Group, key: string, place: Place): number | undefined {
  const value = numberOf(group, key, place);
  if (value === undefined || value >= 0) return value;
  throw faulty(place, group, key, 'must not be negative', { received: String(value) });
}

/** An attribute that is a list of numbers, in one string or several; empty where it is absent. */
export function numbersOf(group: Group, key: string, place: Place): number[] {
  return (group.attributes.get(key) ?? [])
    .flatMap((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .map((received) => {
      const value = Number(received);
      if (Math.abs(value) <= LARGEST) return value;
      throw faulty(place, group, key, 'must be numbers', { received });
    });
}
