import { MugiError } from '../../errors.ts';
import type { BooleanFunction } from '../liberty/function.ts';
import type { Cell, Library } from '../liberty/library.ts';
import type { Gate } from './netlist.ts';
import { CLOCK_GATING } from './policy.ts';
import { shapeOf } from './shape.ts';
import { truthTable } from './truth-table.ts';

/** Makes cells of the instance of a gate: pins by net. */
export type Maker = (of: Gate, cell: Cell, pins: Record<string, number>) => void;

/** The cells of a library that stand for enable flip-flops. */
export interface GatingCells {
  /** Clock gates by what they drive, the weakest first. */
  readonly gates: readonly { readonly cell: Cell; readonly flops: number }[];
  /** Makes a flip-flop that takes `data` at `clock` and drives `output`. */
  readonly flop: (make: Maker, of: Gate, nets: { clock: number; data: number; output: number }) => void;
  /** Makes what passes `high` where `select` is 1, otherwise `low`. */
  readonly choose: (
    make: Maker,
    of: Gate,
    nets: { low: number; high: number; select: number; output: number },
  ) => void;
}

/** Finds them, the smallest of each kind. `fresh` gives a new net, named after one. Throws when one is used and missing. */
export function gatingCells(library: Library, fresh: (of: number, what: string) => number): GatingCells {
  const bySize = [...library.cells.values()].sort((a, b) => a.area - b.area);
  const usable = bySize.filter(({ unusable }) => unusable === undefined);
  const find = <T>(kind: (cell: Cell) => T | undefined): T | undefined =>
    usable.flatMap((cell) => kind(cell) ?? [])[0];
  const required = <T>(found: T | undefined, what: string): T => {
    if (found !== undefined) return found;
    throw new MugiError({ code: 'unsupported', message: `the library "${library.name}" has no ${what}` });
  };
  const flops = usable.flatMap((cell) => plainFlop(cell) ?? []);
  const flop = flops.find(({ inverts }) => !inverts) ?? flops[0];
  const multiplexer = find(asMultiplexer);
  const inverter = find((cell) => gateOf(cell, 1, '10'));
  const nand = find((cell) => gateOf(cell, 2, '1110'));
  const invert = (make: Maker, of: Gate, input: number, output: number): void => {
    const { cell, inputs, output: pin } = required(inverter, 'inverter');
    make(of, cell, { [inputs[0]]: input, [pin]: output });
  };
  return {
    gates: bySize
      .filter(({ gate }) => gate !== undefined)
      .map((cell, i) => ({ cell, flops: CLOCK_GATING.flopsOfWeakest * 2 ** i })),
    flop(make, of, { clock, data, output }) {
      const { cell, pins, ties, inverts } = required(flop, 'flip-flop with one data pin and a clock');
      const shown = inverts ? fresh(output, 'inverse') : output;
      make(of, cell, { [pins.data]: data, [pins.clock]: clock, [pins.output]: shown, ...ties });
      if (inverts) invert(make, of, shown, output);
    },
    choose(make, of, { low, high, select, output }) {
      if (multiplexer !== undefined) {
        const { cell, pins } = multiplexer;
        make(of, cell, { [pins.low]: low, [pins.high]: high, [pins.select]: select, [pins.output]: output });
        return;
      }
      const { cell, inputs, output: pin } = required(nand, 'multiplexer of two inputs, and no NAND gate');
      const both = (a: number, b: number, to: number) =>
        make(of, cell, { [inputs[0]]: a, [inputs[1]]: b, [pin]: to });
      const [not, taken, kept] = ['not', 'taken', 'kept'].map((what) => fresh(output, what));
      invert(make, of, select, not);
      both(high, select, taken);
      both(low, not, kept);
      both(taken, kept, output);
    },
  };
}

/** A pin, inverted or not; undefined for any other function. */
function literal(fn: BooleanFunction | undefined): { pin: string; inverted: boolean } | undefined {
  if (fn?.op === 'pin') return { pin: fn.name, inverted: false };
  return fn?.op === 'not' && fn.of.op === 'pin' ? { pin: fn.of.name, inverted: true } : undefined;
}

/** A flip-flop that copies one pin or its inverse at the rising edge, and what its asynchronous pins are tied to. */
function plainFlop(cell: Cell) {
  const { flop } = cell;
  const next = literal(flop?.next);
  if (flop === undefined || flop.edge !== 'rising' || next === undefined) return undefined;
  const ties: Record<string, number> = {};
  for (const force of [flop.clear, flop.preset]) {
    const tied = literal(force);
    if (tied !== undefined) ties[tied.pin] = tied.inverted ? 1 : 0;
  }
  const { inputs, outputs } = shapeOf(cell);
  if (inputs.some(({ name }) => name !== next.pin && !(name in ties))) return undefined;
  const shown = outputs.flatMap(({ pin }) => {
    const of = literal(pin.function);
    if (of === undefined || (of.pin !== flop.state && of.pin !== flop.inverse)) return [];
    return [{ output: pin.name, inverts: (of.pin === flop.inverse) !== (of.inverted !== next.inverted) }];
  });
  const best = shown.find(({ inverts }) => !inverts) ?? shown[0];
  if (best === undefined) return undefined;
  const pins = { data: next.pin, clock: flop.clock, output: best.output };
  return { cell, pins, ties, inverts: best.inverts };
}

/** The pins of a gate of one output whose function is that table, the first input fastest. */
export function gateOf(cell: Cell, width: number, table: string) {
  const { inputs, outputs } = shapeOf(cell);
  const fn = outputs[0]?.pin.function;
  if (cell.flop !== undefined || inputs.length !== width || outputs.length !== 1 || fn === undefined)
    return undefined;
  const names = inputs.map(({ name }) => name);
  if (truthTable(fn, names).join('') !== table) return undefined;
  return { cell, inputs: names, output: outputs[0].pin.name };
}

/** The roles of a cell's pins if it is a multiplexer of two inputs. */
function asMultiplexer(cell: Cell) {
  const { inputs, outputs } = shapeOf(cell);
  const fn = outputs[0]?.pin.function;
  if (cell.flop !== undefined || inputs.length !== 3 || outputs.length !== 1 || fn === undefined)
    return undefined;
  const output = outputs[0].pin.name;
  const names = inputs.map(({ name }) => name);
  for (const select of names) {
    const data = names.filter((name) => name !== select);
    for (const [low, high] of [data, [...data].reverse()]) {
      // Of the pins low, high, select: low where select is 0, high where it is 1.
      if (truthTable(fn, [low, high, select]).join('') === '01010011') {
        return { cell, pins: { low, high, select, output } };
      }
    }
  }
  return undefined;
}
