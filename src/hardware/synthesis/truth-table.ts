import { MugiError } from '../../errors.ts';
import { type BooleanFunction, pinsOf } from '../liberty/function.ts';

/** Bit i is the function's value where pin k has bit k of i. At most five pins, the bits of a word. */
export function truthTable(fn: BooleanFunction, pins: readonly string[]): number {
  const read = [...pinsOf(fn)];
  if (pins.length > 5 || read.some((pin) => !pins.includes(pin))) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a cell function of more than five pins, or of pins that it lacks',
      received: read.join(', '),
    });
  }
  let table = 0;
  for (let i = 0; i < 2 ** pins.length; i++) {
    const values = new Map(pins.map((pin, k) => [pin, ((i >> k) & 1) === 1]));
    if (evaluate(fn, values)) table |= 1 << i;
  }
  return table;
}

function evaluate(fn: BooleanFunction, pins: ReadonlyMap<string, boolean>): boolean {
  switch (fn.op) {
    case 'pin':
      return pins.get(fn.name) === true;
    case 'constant':
      return fn.value === 1;
    case 'not':
      return !evaluate(fn.of, pins);
    case 'and':
      return evaluate(fn.left, pins) && evaluate(fn.right, pins);
    case 'or':
      return evaluate(fn.left, pins) || evaluate(fn.right, pins);
    default:
      return evaluate(fn.left, pins) !== evaluate(fn.right, pins);
  }
}
