import { MugiError } from '../../errors.ts';
import { type BooleanFunction, functionSource, pinsOf, valueOf } from '../liberty/function.ts';
import type { Cell, Flop } from '../liberty/library.ts';
import type { Gate } from './netlist.ts';

/** Evaluates operations `from` to `to` of a program, all of one cell function: output net, then input nets. */
export type Loop = (nets: Int32Array, program: Int32Array, from: number, to: number) => void;

/** A word that the clock edge copies into another. */
export interface State {
  readonly data: number;
  readonly output: number;
  /** The word that stands for zeros taken: all bits set in a flip-flop that keeps the inverse of its data. */
  readonly start: 0 | -1;
}

/** What a cell computes: a word, the words that it reads, and a loop that evaluates it. */
export interface CellFunction {
  readonly output: string;
  readonly pins: readonly string[];
  readonly loop: Loop;
}

/** What a flip-flop takes at the clock edge, as a word beside those of its pins, whose names have no space. */
const NEXT = 'next state';

/** What a cell computes, of its inputs and its state; without a cell: what an alias does. */
export function functionsOf(cell: Cell | undefined): CellFunction[] {
  if (cell === undefined) return [cellFunction('Z', { op: 'pin', name: 'A' })];
  const { flop } = cell;
  const outputs = cell.pins
    .filter(({ name, direction }) => direction === 'output' && name !== statePin(cell))
    .map(({ name, function: fn }) => cellFunction(name, fn ?? { op: 'constant', value: 0 }, flop));
  return flop === undefined || takenPin(flop) !== undefined
    ? outputs
    : [...outputs, cellFunction(NEXT, flop.next, flop)];
}

function cellFunction(output: string, fn: BooleanFunction, flop?: Flop): CellFunction {
  const pins: string[] = [];
  const source = functionSource(fn, (name) => {
    const inverse = name === flop?.inverse;
    const pin = inverse ? flop!.state : name;
    if (!pins.includes(pin)) pins.push(pin);
    return `${inverse ? '~' : ''}s[p[i+${pins.indexOf(pin) + 1}]]`;
  });
  const body = `"use strict";for(let i=from;i<to;i+=${pins.length + 1})s[p[i]]=${source};`;
  return { output, pins, loop: new Function('s', 'p', 'from', 'to', body) as Loop };
}

/** The input that a flip-flop takes as it is. */
const takenPin = ({ next, state, inverse }: Flop): string | undefined =>
  next.op === 'pin' && next.name !== state && next.name !== inverse ? next.name : undefined;

/** The output that shows a flip-flop's state as it is: its net serves as the state's word. */
const statePin = ({ pins, flop }: Cell): string | undefined =>
  pins.find(({ function: fn }) => fn?.op === 'pin' && fn.name === flop?.state)?.name;

/** The words of a flip-flop's pins, state and next state; `fresh` gives a word that is no net. */
export function flopOf(
  gate: Gate,
  cell: Cell,
  fresh: () => number,
): { state: State; words: Record<string, number> } {
  const flop = cell.flop!;
  for (const force of [flop.clear, flop.preset]) requireIdle(gate, force);
  const shown = statePin(cell);
  const output = (shown === undefined ? undefined : gate.pins[shown]) ?? fresh();
  const taken = takenPin(flop);
  const data = taken === undefined ? fresh() : (gate.pins[taken] ?? 0);
  const words = { ...gate.pins, [flop.state]: output, [NEXT]: data };
  return { state: { data, output, start: startOf(flop) ? -1 : 0 }, words };
}

/** The state of a flip-flop that has taken zeros. */
export const startOf = ({ next, inverse }: Flop): boolean => valueOf(next, (pin) => pin === inverse) === true;

/** Clear and preset act whatever the clock does, which a simulation by clock edges cannot show: they must be tied. */
export function requireIdle(
  { type, pins }: Pick<Gate, 'type' | 'pins'>,
  force: BooleanFunction | undefined,
): void {
  if (force === undefined) return;
  if (valueOf(force, (pin) => (pins[pin] === 0 ? false : pins[pin] === 1 ? true : undefined)) === false)
    return;
  throw new MugiError({
    code: 'unsupported',
    message: `the asynchronous reset of a flip-flop "${type}" must be tied to its idle value`,
    received: [...pinsOf(force)].join(', '),
  });
}
