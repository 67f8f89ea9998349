import { MugiError } from '../../errors.ts';
import { type Cell, clockOf, type Library } from '../liberty/library.ts';
import { requireDelays } from './timing/delays.ts';
import { aliasRoots, type Gate, type Netlist } from './netlist.ts';
import { isEndpoint, shapeOf } from './shape.ts';

/** A cell in the graph. The optimiser exchanges `cell` and moves `inputs` to other nets. */
export interface GraphGate {
  cell: Cell;
  readonly path: string;
  readonly module: string;
  /** Nets on the input pins, clock left out, in the order of the shape; aliases are resolved. */
  readonly inputs: number[];
  /** Nets on the outputs, in the order of the shape; −1 where nothing hangs. */
  readonly outputs: readonly number[];
}

/** Where a net goes: gate index and input pin. */
export interface Fanout {
  readonly start: Int32Array;
  readonly gate: Int32Array;
  readonly pin: Int32Array;
}

/** Index of the rising edge of a net in arrays of edges; the falling edge follows. */
export const RISE = 0;
export const FALL = 1;

/** A mapped netlist as gates with nets as numbers, in the order of the signals. Aliases are one wire. Loads in fF. */
export class CellGraph {
  readonly netlist: Netlist;
  readonly wirePerFanout: number;
  readonly gates: GraphGate[] = [];
  nets: number;
  /** The net that each net of the netlist repeats, itself where it is no alias. */
  readonly root: Int32Array;
  /** Nets of the top's outputs. */
  readonly outputs: readonly number[];
  /** Nets of the top's inputs, clocks left out. */
  readonly starts: readonly number[];
  loads = new Float64Array(0);
  /** Load for a rising and a falling edge of each net, which some libraries tell apart. */
  edgeLoads = new Float64Array(0);
  fanout: Fanout = { start: new Int32Array(1), gate: new Int32Array(0), pin: new Int32Array(0) };
  /** Combinational gates, inputs first, and the cells in which paths end (flip-flops, clock gates), by index. */
  order: number[] = [];
  flops: number[] = [];
  /** Gate that drives a net; −1 for inputs and constants. */
  driver = new Int32Array(0);
  readonly #added: number[] = [];

  constructor(netlist: Netlist, library: Library, wirePerFanout: number) {
    this.netlist = netlist;
    this.wirePerFanout = wirePerFanout;
    this.nets = netlist.nets;
    const root = (this.root = aliasRoots(netlist));
    const clocks = new Map<number, Gate>();
    const edges = new Map<string, Gate>();
    for (const gate of netlist.gates) {
      if (gate.type === '$alias') continue;
      const cell = cellOf(gate, library);
      const shape = shapeOf(cell);
      const outputs = shape.outputs.map(({ pin }) => gate.pins[pin.name] ?? -1);
      outputs.forEach((net, o) => {
        if (net >= 0) requireDelays(cell, shape.outputs[o]);
      });
      const inputs = shape.inputs.map(({ name }) => root[gate.pins[name] ?? 0]);
      this.gates.push({ cell, path: gate.path, module: gate.module, inputs, outputs });
      const clock = clockOf(cell);
      if (clock === undefined) continue;
      clocks.set(root[gate.pins[clock]], gate);
      edges.set(cell.flop?.edge ?? 'rising', gate);
    }
    this.outputs = [...netlist.outputs.values()].flat().map((net) => root[net]);
    this.starts = [...netlist.inputs.values()].flat().filter((net) => !clocks.has(net));
    this.connect();
    if (edges.size > 1) throw bothEdges([...edges.values()]);
    for (const [net, gate] of clocks) {
      if (this.driver[net] >= 0) throw derivedClock(gate, this.gates[this.driver[net]]);
    }
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
    this.edgeLoads = new Float64Array(2 * nets);
    gates.forEach(({ cell, inputs, outputs }, index) => {
      const pins = shapeOf(cell).inputs;
      for (let i = 0; i < inputs.length; i++) {
        const net = inputs[i];
        start[net + 1]++;
        this.loads[net] += pins[i].capacitance + wirePerFanout;
        this.edgeLoads[2 * net + RISE] += pins[i].rise + wirePerFanout;
        this.edgeLoads[2 * net + FALL] += pins[i].fall + wirePerFanout;
      }
      for (const net of outputs) if (net >= 0) this.driver[net] = index;
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
      for (const net of gates[queue[i]].outputs) {
        if (net < 0) continue;
        for (let k = fanout.start[net]; k < fanout.start[net + 1]; k++) {
          const next = fanout.gate[k];
          if (!isEndpoint(gates[next].cell) && --missing[next] === 0) queue.push(next);
        }
      }
    }
    this.order = queue;
    if (queue.length + this.flops.length === gates.length) return;
    const stuck = gates.find(({ cell }, index) => !isEndpoint(cell) && missing[index] > 0)!;
    throw new MugiError({
      code: 'invalid-value',
      message: `combinational loop through net ${this.netlist.netName(Math.max(...stuck.outputs))}`,
    });
  }
}

function cellOf({ type }: Gate, library: Library): Cell {
  const cell = library.cells.get(type);
  if (cell === undefined) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the netlist uses the cell "${type}", which the library lacks`,
    });
  }
  if (cell.unusable === undefined || cell.gate !== undefined) return cell;
  throw new MugiError({
    code: 'unsupported',
    message: `the netlist uses the cell "${type}", which is not for designs of gates and flip-flops: ${cell.unusable}`,
  });
}

const bothEdges = (gates: readonly Gate[]) =>
  new MugiError({
    code: 'unsupported',
    message: `timing follows one clock edge; the netlist has flip-flops of both: ${gates.map(({ type }) => `"${type}"`).join(' and ')}`,
  });

const derivedClock = ({ type }: Gate, { cell }: GraphGate) =>
  new MugiError({
    code: 'unsupported',
    message: `timing follows one ideal clock; that of the flip-flop "${type}" comes through the cell "${cell.name}"`,
  });
