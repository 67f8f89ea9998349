import { shown } from '../../shown.ts';
import { type BooleanFunction, parseFunction, pinsOf } from './function.ts';
import type { Group } from './parse.ts';
import { faulty, type Place } from './value.ts';

/** Reads an attribute that is a Boolean function of what the cell names. */
export type FunctionReader = (from: Group, key: string) => BooleanFunction | undefined;

/** A reader for the attributes of one cell. */
export function functionReader(cell: Group, place: Place): FunctionReader {
  // Pins, and states that flip-flops and latches name. Of buses only the pins are named, not the bits.
  const named = new Set(cell.groups.flatMap(({ args }) => args.flatMap((arg) => arg.split(/\s+/))));
  const buses = cell.groups.some((inner) => inner.name === 'bus' || inner.name === 'bundle');
  return (from, key) => {
    const received = from.attributes.get(key)?.[0];
    if (received === undefined) return undefined;
    let read: BooleanFunction;
    try {
      read = parseFunction(received);
    } catch {
      throw faulty(place, from, key, 'is no Boolean function', { received });
    }
    for (const pin of pinsOf(read)) {
      if (!named.has(pin) && !buses)
        throw faulty(place, from, key, `names ${shown(pin)}, which the cell lacks`, { received });
    }
    return read;
  };
}
