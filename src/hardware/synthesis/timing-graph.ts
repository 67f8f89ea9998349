import { MugiError } from '../../errors.ts';
import { type Arc, type Cell, type Library, lookup } from '../liberty/library.ts';
import { requireDelays } from './delays.ts';
import { aliasRoots, type Gate, type Netlist } from './netlist.ts';
import { isEndpoint, setupOf, shapeOf } from './shape.ts';

/** A cell in the graph. The optimiser exchanges `cell` and moves `inputs` to other nets. */
export interface GraphGate {
  cell: Cell;
  readonly path: string;
  readonly module: string;
  /** Nets on the input pins, clock left out, in the order of the shape; aliases are resolved. */
  readonly inputs: number[];
  /** Net on the output; −1 if nothing hangs there. */
  readonly output: number;
}

/** Where a net goes: gate index and input pin. */
export interface Fanout {
  readonly start: Int32Array;
  readonly gate: Int32Array;
  readonly pin: Int32Array;
}

/** Index of the rising edge of a net in `arrival`, `slew`, `required`; the falling edge follows. */
export const RISE = 0;
export const FALL = 1;
const NEVER = -Infinity;

/**
 * A mapped netlist for timing: gates with nets as numbers, arrival times carried forward and required times
 * carried back through the NLDM tables. Single ideal clock; aliases are one wire. Times in ns, loads in fF.
 */
export class TimingGraph {
  readonly netlist: Netlist;
  readonly wirePerFanout: number;
  readonly inputSlew: number;
  readonly gates: GraphGate[] = [];
  nets: number;
  /** The net that each net of the netlist repeats, itself where it is not an alias. */
  readonly root: Int32Array;
  /** Nets of the top's outputs. */
  readonly outputs: readonly number[];
  arrival = new Float64Array(0);
  slew = new Float64Array(0);
  required = new Float64Array(0);
  loads = new Float64Array(0);
  /** Which edge (2·net + edge) made an edge arrive last; −1 at a start. */
  cause = new Int32Array(0);
  fanout: Fanout = { start: new Int32Array(1), gate: new Int32Array(0), pin: new Int32Array(0) };
  /** Combinational gates, inputs first, and the cells in which paths end (flip-flops, clock gates), by index. */
  order: number[] = [];
  flops: number[] = [];
  /** Gate that drives a net; −1 for inputs and constants. */
  driver = new Int32Array(0);
  /** Nets of the top's inputs, clocks left out. */
  readonly starts: readonly number[];
  readonly #added: number[] = [];

  constructor(netlist: Netlist, library: Library, { wirePerFanout = 1, inputSlew = 0.02 } = {}) {
    this.netlist = netlist;
    this.wirePerFanout = wirePerFanout;
    this.inputSlew = inputSlew;
    this.nets = netlist.nets;
    const root = (this.root = aliasRoots(netlist));
    const clocks = new Set<number>();
    for (const gate of netlist.gates) {
      if (gate.type === '$alias') continue;
      const cell = library.cells.get(gate.type);
      if (cell === undefined) throw unknownCell(gate);
      const shape = shapeOf(cell);
      const second = cell.pins.find(
        ({ name, direction }) =>
          direction === 'output' &&
          name !== (cell.gate?.output ?? shape.output?.name) &&
          gate.pins[name] !== undefined,
      );
      if (second !== undefined) throw twoOutputs(gate, second.name);
      if (shape.output !== undefined && gate.pins[shape.output.name] !== undefined) requireDelays(cell);
      this.gates.push({
        cell,
        path: gate.path,
        module: gate.module,
        inputs: shape.inputs.map(({ name }) => root[gate.pins[name] ?? 0]),
        output: shape.output === undefined ? -1 : (gate.pins[shape.output.name] ?? -1),
      });
      const clock = cell.flop?.clock ?? cell.gate?.clock;
      if (clock !== undefined) clocks.add(root[gate.pins[clock]]);
    }
    this.outputs = [...netlist.outputs.values()].flat().map((net) => root[net]);
    this.starts = [...netlist.inputs.values()].flat().filter((net) => !clocks.has(net));
    this.connect();
  }

  /** A new net, named after the one that it repeats. */
  addNet(of: number): number {
    this.#added[this.nets - this.netlist.nets] = of;
    return this.nets++;
  }

  /** Name of a net, also of an added one. */
  netName = (net: number): string => {
    const { netlist } = this;
    if (net < netlist.nets) return netlist.netName(net);
    return `${this.netName(this.#added[net - netlist.nets])}$buffer`;
  };

  /** Fan-outs, loads and order anew, after gates or connections have changed. */
  connect(): void {
    const { gates, nets, wirePerFanout } = this;
    const start = new Int32Array(nets + 1);
    this.driver = new Int32Array(nets).fill(-1);
    this.loads = new Float64Array(nets);
    gates.forEach(({ cell, inputs, output }, index) => {
      const pins = shapeOf(cell).inputs;
      for (let i = 0; i < inputs.length; i++) {
        start[inputs[i] + 1]++;
        this.loads[inputs[i]] += pins[i].capacitance + wirePerFanout;
      }
      if (output >= 0) this.driver[output] = index;
    });
    for (let net = 0; net < nets; net++) start[net + 1] += start[net];
    const at = start.slice();
    const gate = new Int32Array(start[nets]);
    const pin = new Int32Array(start[nets]);
    gates.forEach(({ inputs }, index) => {
      for (let i = 0; i < inputs.length; i++) {
        gate[at[inputs[i]]] = index;
        pin[at[inputs[i]]++] = i;
      }
    });
    this.fanout = { start, gate, pin };
    this.#sort();
  }

  /** Arrival times and slews. */
  forward(): void {
    const { gates, loads, nets } = this;
    const arrival = (this.arrival = new Float64Array(2 * nets).fill(NEVER));
    const slew = (this.slew = new Float64Array(2 * nets));
    const cause = (this.cause = new Int32Array(2 * nets).fill(-1));
    for (const net of this.starts) {
      for (const edge of [RISE, FALL]) {
        arrival[2 * net + edge] = 0;
        slew[2 * net + edge] = this.inputSlew;
      }
    }
    for (const index of this.flops) {
      const { cell, output } = gates[index];
      const arc = shapeOf(cell).clocked;
      if (output < 0 || arc === undefined) continue;
      for (const edge of [RISE, FALL]) {
        const [delay, transition] = tables(arc, edge);
        if (delay === undefined || transition === undefined) continue;
        arrival[2 * output + edge] = lookup(delay, this.inputSlew, loads[output]);
        slew[2 * output + edge] = lookup(transition, this.inputSlew, loads[output]);
      }
    }
    for (const index of this.order) {
      const { cell, inputs, output } = gates[index];
      if (output < 0) continue;
      const { arcs } = shapeOf(cell);
      for (let i = 0; i < inputs.length; i++) {
        for (const arc of arcs[i]) {
          forEdges(arc, (from, to) => {
            const source = 2 * inputs[i] + from;
            if (arrival[source] === NEVER) return;
            const [delay, transition] = tables(arc, to);
            if (delay === undefined || transition === undefined) return;
            const target = 2 * output + to;
            const time = arrival[source] + lookup(delay, slew[source], loads[output]);
            if (time > arrival[target]) {
              arrival[target] = time;
              cause[target] = source;
            }
            slew[target] = Math.max(slew[target], lookup(transition, slew[source], loads[output]));
          });
        }
      }
    }
  }

  /** The shortest period at which every endpoint is met, after `forward`. */
  shortestPeriod(): number {
    let longest = 0;
    const meet = (net: number, setup: number) => {
      longest = Math.max(longest, this.arrival[2 * net] + setup, this.arrival[2 * net + 1] + setup);
    };
    for (const net of this.outputs) meet(net, 0);
    for (const index of this.flops) {
      const { cell, inputs } = this.gates[index];
      meet(inputs[shapeOf(cell).data], setupOf(cell));
    }
    return longest;
  }

  /** Required times for a clock period, after `forward`. */
  backward(period: number): void {
    const required = (this.required = new Float64Array(2 * this.nets).fill(Infinity));
    for (const net of this.outputs) required[2 * net] = required[2 * net + 1] = period;
    for (const index of this.flops) {
      const { cell, inputs } = this.gates[index];
      const net = inputs[shapeOf(cell).data];
      for (const at of [2 * net, 2 * net + 1]) required[at] = Math.min(required[at], period - setupOf(cell));
    }
    for (let k = this.order.length - 1; k >= 0; k--) {
      const { inputs } = this.gates[this.order[k]];
      for (let i = 0; i < inputs.length; i++) {
        for (const edge of [RISE, FALL]) {
          const at = 2 * inputs[i] + edge;
          required[at] = Math.min(required[at], this.requiredAt(this.order[k], i, edge));
        }
      }
    }
  }

  /** When an edge must reach an input pin of a combinational gate, by the required times of its output. */
  requiredAt(index: number, pin: number, edge: number): number {
    const { cell, inputs, output } = this.gates[index];
    let least = Infinity;
    if (output < 0) return least;
    const slew = this.slew[2 * inputs[pin] + edge];
    for (const arc of shapeOf(cell).arcs[pin]) {
      forEdges(arc, (from, to) => {
        const [delay] = tables(arc, to);
        if (from !== edge || delay === undefined) return;
        least = Math.min(least, this.required[2 * output + to] - lookup(delay, slew, this.loads[output]));
      });
    }
    return least;
  }

  /** Time to spare at a net; infinite where no timed path passes. */
  slack(net: number): number {
    const of = (at: number) => (this.arrival[at] === NEVER ? Infinity : this.required[at] - this.arrival[at]);
    return Math.min(of(2 * net), of(2 * net + 1));
  }

  #sort(): void {
    const { gates, fanout } = this;
    this.flops = [];
    this.order = [];
    const missing = new Int32Array(gates.length);
    const queue: number[] = [];
    gates.forEach(({ cell, inputs }, index) => {
      if (isEndpoint(cell)) {
        this.flops.push(index);
        return;
      }
      for (const net of inputs) {
        const before = this.driver[net];
        if (before >= 0 && !isEndpoint(gates[before].cell)) missing[index]++;
      }
      if (missing[index] === 0) queue.push(index);
    });
    for (let i = 0; i < queue.length; i++) {
      const { output } = gates[queue[i]];
      if (output < 0) continue;
      for (let k = fanout.start[output]; k < fanout.start[output + 1]; k++) {
        const next = fanout.gate[k];
        if (!isEndpoint(gates[next].cell) && --missing[next] === 0) queue.push(next);
      }
    }
    this.order = queue;
    if (queue.length + this.flops.length === gates.length) return;
    const stuck = gates.find(({ cell }, index) => !isEndpoint(cell) && missing[index] > 0)!;
    throw new MugiError({
      code: 'invalid-value',
      message: `combinational loop through net ${this.netlist.netName(stuck.output)}`,
    });
  }
}

/** The (input edge, output edge) pairs of an arc. */
function forEdges({ sense }: Arc, visit: (from: number, to: number) => void): void {
  for (let to = 0; to < 2; to++) {
    if (sense !== 'negative') visit(to, to);
    if (sense !== 'positive') visit(1 - to, to);
  }
}

const tables = (arc: Arc, edge: number) =>
  edge === RISE ? ([arc.rise, arc.riseSlew] as const) : ([arc.fall, arc.fallSlew] as const);

function unknownCell({ type }: Gate): MugiError {
  return new MugiError({
    code: 'invalid-file',
    message: `the netlist uses the cell "${type}", which the library lacks`,
  });
}

function twoOutputs({ type }: Gate, pin: string): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `timing follows one output of a cell; the netlist also uses pin ${pin} of "${type}"`,
  });
}
