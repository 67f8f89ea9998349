import { MugiError } from '../../errors.ts';
import { type BooleanFunction, pinsOf, valueOf } from '../liberty/function.ts';

/** Pins up to which a table is made; the largest public cells have nine. */
const MOST = 12;

/** Entry i is the function's value where pin k has bit k of i. */
export function truthTable(fn: BooleanFunction, pins: readonly string[]): Uint8Array {
  const read = [...pinsOf(fn)];
  if (pins.length > MOST || read.some((pin) => !pins.includes(pin))) {
    throw new MugiError({
      code: 'unsupported',
      message: `a cell function of more than ${MOST} pins, or of pins that it lacks`,
      received: read.join(', '),
    });
  }
  const at = new Map(pins.map((pin, k) => [pin, k]));
  return Uint8Array.from({ length: 2 ** pins.length }, (_, i) =>
    valueOf(fn, (pin) => ((i >> (at.get(pin) ?? 0)) & 1) === 1) === true ? 1 : 0,
  );
}
