import { type BooleanFunction, pinsOf, valueOf } from './function.ts';
import type { Flop, Pin } from './library.ts';

/** In what share of a cell's states a condition on its pins holds. */
export type StateShare = (condition: BooleanFunction) => number;

/** Inputs up to which all states are counted; beyond, each condition counts as if it held in half of them. */
const COUNTED = 12;

/**
 * Counts the states that a cell can be in, all alike: outputs are what their functions make of inputs and state, and
 * asynchronous clear and preset are idle, as in every design here. With a level, the clock is held at it.
 */
export function stateShare(
  pins: readonly Pin[],
  flop: Flop | undefined,
  clock?: string,
  level?: boolean,
): StateShare {
  const made = new Map<string, BooleanFunction>();
  for (const { name, function: fn } of pins) if (fn !== undefined) made.set(name, fn);
  if (flop !== undefined) made.set(flop.inverse, { op: 'not', of: { op: 'pin', name: flop.state } });
  /** Inputs of one value. */
  const idle = new Map<string, boolean>();
  if (clock !== undefined && level !== undefined) idle.set(clock, level);
  for (const force of [flop?.clear, flop?.preset]) {
    if (force?.op === 'pin') idle.set(force.name, false);
    if (force?.op === 'not' && force.of.op === 'pin') idle.set(force.of.name, true);
  }
  /** The inputs and states that a condition rests on. */
  const roots = (fn: BooleanFunction, depth = 0): string[] =>
    [...pinsOf(fn)].flatMap((pin) => {
      const inner = made.get(pin);
      if (inner !== undefined && depth < 2) return roots(inner, depth + 1);
      return idle.has(pin) ? [] : [pin];
    });
  return (condition) => {
    const free = [...new Set(roots(condition))];
    if (isOneState(condition, free)) return 0.5 ** free.length;
    if (free.length > COUNTED) return 0.5;
    let holds = 0;
    for (let state = 0; state < 2 ** free.length; state++) {
      const known = (pin: string): boolean | undefined => {
        const at = free.indexOf(pin);
        if (at >= 0) return ((state >> at) & 1) === 1;
        const fn = made.get(pin);
        return idle.get(pin) ?? (fn && valueOf(fn, known));
      };
      if (valueOf(condition, known) === true) holds++;
    }
    return holds / 2 ** free.length;
  };
}

/** Most conditions are one state of some inputs. */
function isOneState(condition: BooleanFunction, inputs: readonly string[]): boolean {
  const terms = condition.op === 'and' ? condition.terms : [condition];
  const literal = (term: BooleanFunction): string | undefined => {
    const inner = term.op === 'not' ? term.of : term;
    return inner.op === 'pin' ? inner.name : undefined;
  };
  return terms.length === inputs.length && inputs.every((name, i) => literal(terms[i]) === name);
}
