import { MugiError } from '../../../errors.ts';
import type { BooleanFunction } from '../../liberty/function.ts';
import { type Arc, type Cell, type Flop, lookup } from '../../liberty/library.ts';
import { requireIdle, startOf } from '../cell-function.ts';
import { type ShapeOutput, shapeOf } from '../shape.ts';
import type { TimingGraph } from '../timing/timing-graph.ts';
import { truthTable } from '../truth-table.ts';

/** The truth tables of cells, one behind the other. */
export class Tables {
  bits = new Uint8Array(0);
  readonly #known = new Map<string, number>();

  /** Where the table of an output of a cell begins; the inputs of its shape are the bits of an index into it. */
  of(cell: Cell, output: number): number {
    const { inputs, outputs } = shapeOf(cell);
    const fn = outputs[output].pin.function ?? { op: 'constant', value: 0 };
    return this.add(
      `${cell.name} ${output}`,
      fn,
      inputs.map(({ name }) => name),
    );
  }

  add(key: string, fn: BooleanFunction, pins: readonly string[]): number {
    let at = this.#known.get(key);
    if (at === undefined) {
      const table = truthTable(fn, pins);
      at = this.bits.length;
      const bits = new Uint8Array(at + table.length);
      bits.set(this.bits);
      bits.set(table, at);
      this.bits = bits;
      this.#known.set(key, at);
    }
    return at;
  }
}

/** An output of a flip-flop in a timed simulation. */
export interface TimedOutput {
  readonly net: number;
  /** 1 where it shows the inverse of the state. */
  readonly inverts: number;
  /** Steps from the clock edge to a falling and to a rising edge. */
  readonly delay: readonly number[];
  /** By which the simulation knows it. */
  driver: number;
}

export interface TimedFlop {
  /** Net of the first input that the clock edge takes. */
  readonly data: number;
  /** Net of the enable of its clock gate; −1: always clocked. */
  readonly enable: number;
  readonly outputs: readonly TimedOutput[];
  state: number;
  /** What it takes at a clock edge, of the values of the nets and its state. */
  readonly next: (value: Uint8Array, state: number) => number;
}

/** A flip-flop of the graph; `steps` makes a delay in ns a number of steps. */
export function timedFlop(
  graph: TimingGraph,
  gate: number,
  tables: Tables,
  steps: (delay: number) => number,
): TimedFlop {
  const { cell, inputs, outputs } = graph.gates[gate];
  const flop = cell.flop!;
  const shape = shapeOf(cell);
  const tied = Object.fromEntries(shape.inputs.map(({ name }, i) => [name, inputs[i]]));
  for (const force of [flop.clear, flop.preset]) requireIdle({ type: cell.name, pins: tied }, force);
  const data = inputs[shape.captured[0]?.input ?? 0];
  const pins = shape.inputs.map(({ name }) => name);
  const table = tables.add(`${cell.name} next`, withState(flop.next, flop), [...pins, flop.state]);
  return {
    data,
    enable: -1,
    state: startOf(flop) ? 1 : 0,
    next(value, state) {
      let index = state << inputs.length;
      for (let i = 0; i < inputs.length; i++) index |= value[inputs[i]] << i;
      return tables.bits[table + index];
    },
    outputs: shape.outputs.flatMap((output, o): TimedOutput[] => {
      const net = outputs[o];
      if (net < 0) return [];
      const delay = [1, 0].map((edge) =>
        steps(slowest(output, edge, graph.inputSlew, graph.edgeLoads[2 * net + edge])),
      );
      return [{ net, inverts: inverts(cell, flop, output), delay, driver: -1 }];
    }),
  };
}

/** The function with the inverse of the state written as such. */
function withState(fn: BooleanFunction, flop: Flop): BooleanFunction {
  switch (fn.op) {
    case 'pin':
      return fn.name === flop.inverse ? { op: 'not', of: { op: 'pin', name: flop.state } } : fn;
    case 'constant':
      return fn;
    case 'not':
      return { op: 'not', of: withState(fn.of, flop) };
    default:
      return { op: fn.op, terms: fn.terms.map((term) => withState(term, flop)) };
  }
}

/** 1 where an output shows the inverse of the state, 0 where it shows the state. */
function inverts(cell: Cell, flop: Flop, { pin }: ShapeOutput): number {
  const fn = pin.function && withState(pin.function, flop);
  if (fn?.op === 'pin' && fn.name === flop.state) return 0;
  if (fn?.op === 'not' && fn.of.op === 'pin' && fn.of.name === flop.state) return 1;
  if (fn?.op === 'not' && fn.of.op === 'not' && fn.of.of.op === 'pin') return 0;
  throw new MugiError({
    code: 'unsupported',
    message: `a timed simulation takes flip-flops that show their state or its inverse, not "${cell.name}"`,
  });
}

/** Delay from the clock to a rising (0) or falling edge, ns; 0 where the library has none. */
function slowest({ clocked }: ShapeOutput, edge: number, slew: number, load: number): number {
  return clocked.reduce((worst, { rise, fall }: Arc) => {
    const table = edge === 0 ? rise : fall;
    return table === undefined ? worst : Math.max(worst, lookup(table, slew, load));
  }, 0);
}
