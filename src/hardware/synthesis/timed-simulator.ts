import { MugiError } from '../../errors.ts';
import { parseFunction } from '../liberty/function.ts';
import { type Arc, type Cell, type Library, lookup } from '../liberty/library.ts';
import type { Simulation } from './gate-simulator.ts';
import type { Netlist } from './netlist.ts';
import { shapeOf } from './shape.ts';
import type { TimingOptions } from './timing.ts';
import { TimingGraph } from './timing-graph.ts';
import { truthTable } from './truth-table.ts';
import { TimeWheel } from './time-wheel.ts';

/** Steps of time in a ns: delays are rounded to ps. */
const PER_NS = 1000;
const NONE = -1;
/** Delays of a pin: [from falling or rising input] × [to falling or rising output]. */
const EDGES = 4;

/**
 * Simulates a mapped netlist event by event, one stimulus, with the delays of the library's tables at the slews of
 * static timing and the loads of the nets. Delays are inertial: a pulse shorter than the delay of a gate does not pass it.
 * Flip-flops switch a clock-to-output delay after the edge; inputs change at the edge. So glitches are seen, and counted
 * as transitions: a glitch that does not reach the full swing counts not at all or fully.
 */
export class TimedSimulator implements Simulation {
  readonly netlist: Netlist;
  readonly lanes = 1;
  readonly toggles: Float64Array;
  readonly clocked: Float64Array;
  readonly stopped: Float64Array;
  readonly sequential: readonly number[];
  cycles = 0;
  /** ns after the edge at which the last event so far came: never beyond what static timing finds. */
  settled = 0;
  readonly #graph: TimingGraph;
  readonly #value: Uint8Array;
  /** By gate of the graph: truth table, present inputs as its index, output now and after the event that waits. */
  readonly #table: Int32Array;
  readonly #index: Uint8Array;
  readonly #pendingAt: Int32Array;
  /** Where the delays of a gate's pins begin. */
  readonly #at: Int32Array;
  readonly #delay: Uint16Array;
  readonly #combinational: Uint8Array;
  readonly #wheel = new TimeWheel();
  /** By flip-flop: its gate, data, enable (−1: always clocked), output, and delays to a falling and a rising output. */
  readonly #flops: {
    gate: number;
    data: number;
    enable: number;
    output: number;
    delay: readonly number[];
  }[] = [];
  /** Transitions of the data pin until the last edge, for those behind clock gates. */
  readonly #before: Float64Array;

  constructor(netlist: Netlist, library: Library, options: TimingOptions = {}) {
    this.netlist = netlist;
    const graph = (this.#graph = new TimingGraph(netlist, library, options));
    graph.forward();
    const { gates } = graph;
    this.toggles = new Float64Array(netlist.nets);
    this.#value = new Uint8Array(netlist.nets);
    this.#value[1] = 1;
    this.#table = new Int32Array(gates.length);
    this.#index = new Uint8Array(gates.length);
    this.#pendingAt = new Int32Array(gates.length).fill(NONE);
    this.#combinational = new Uint8Array(gates.length);
    this.#at = new Int32Array(gates.length);
    let pins = 0;
    gates.forEach(({ inputs }, i) => {
      this.#at[i] = pins;
      pins += EDGES * inputs.length;
    });
    this.#delay = new Uint16Array(pins);
    for (const index of graph.order) {
      const { cell, output } = gates[index];
      if (output < 0) continue;
      this.#combinational[index] = 1;
      this.#table[index] = tableOf(cell);
      this.#setDelays(index);
    }
    const sequential: number[] = [];
    this.#collectFlops(library, sequential);
    this.sequential = sequential;
    this.clocked = new Float64Array(sequential.length);
    this.stopped = new Float64Array(sequential.length);
    this.#before = new Float64Array(sequential.length);
    this.#initialise();
  }

  poke(port: string, [value]: readonly (number | bigint)[]): void {
    const word = BigInt(value);
    this.#port(this.netlist.inputs, port).forEach((net, bit) => {
      const now = Number((word >> BigInt(bit)) & 1n);
      if (this.#value[net] !== now) this.#change(net, now, this.#wheel.now);
    });
  }

  peek(port: string): bigint {
    const root = this.#graph.root;
    return this.#port(this.netlist.outputs, port).reduce(
      (word, net, bit) => word | (BigInt(this.#value[root[net]]) << BigInt(bit)),
      0n,
    );
  }

  /** Runs the events of the present cycle to the last one. */
  settle(): void {
    const { gates } = this.#graph;
    const [wheel, pendingAt, value] = [this.#wheel, this.#pendingAt, this.#value];
    let last = 0;
    for (let gate = wheel.next(); gate >= 0; gate = wheel.next()) {
      // Events that were called off stay in the wheel.
      if (pendingAt[gate] !== wheel.now) continue;
      pendingAt[gate] = NONE;
      last = wheel.now;
      const { output } = gates[gate];
      this.#change(output, value[output] ^ 1, wheel.now);
    }
    this.settled = Math.max(this.settled, last / PER_NS);
  }

  step(): void {
    this.settle();
    this.#wheel.restart();
    const value = this.#value;
    const due: number[] = [];
    this.#flops.forEach(({ data, enable, output }, i) => {
      const moved = this.toggles[data] - this.#before[i];
      this.#before[i] = this.toggles[data];
      if (enable >= 0) {
        if (value[enable] === 0) {
          this.stopped[i] += moved;
          return;
        }
        this.clocked[i]++;
      }
      if (value[data] !== value[output]) due.push(i);
    });
    for (const i of due) {
      const { gate, output, delay } = this.#flops[i];
      this.#schedule(gate, delay[value[output] ^ 1]);
    }
    this.cycles++;
  }

  clearToggles(): void {
    this.toggles.fill(0);
    this.clocked.fill(0);
    this.stopped.fill(0);
    this.#before.fill(0);
    this.cycles = 0;
  }

  /** A net takes a value; the gates behind it begin to follow, or give up what they had begun. */
  #change(net: number, now: number, time: number): void {
    const { fanout, gates } = this.#graph;
    const [index, table, pendingAt, value] = [this.#index, this.#table, this.#pendingAt, this.#value];
    value[net] = now;
    this.toggles[net]++;
    for (let k = fanout.start[net]; k < fanout.start[net + 1]; k++) {
      const gate = fanout.gate[k];
      if (this.#combinational[gate] === 0) continue;
      const pin = fanout.pin[k];
      index[gate] ^= 1 << pin;
      const next = (table[gate] >>> index[gate]) & 1;
      if (next === value[gates[gate].output]) pendingAt[gate] = NONE;
      else if (pendingAt[gate] === NONE) {
        this.#schedule(gate, time + this.#delay[this.#at[gate] + EDGES * pin + 2 * now + next]);
      }
    }
  }

  #schedule(gate: number, time: number): void {
    this.#pendingAt[gate] = time;
    this.#wheel.add(gate, time);
  }

  #setDelays(index: number): void {
    const { gates, loads, slew } = this.#graph;
    const { cell, inputs, output } = gates[index];
    shapeOf(cell).inputs.forEach((_, pin) => {
      const arcs = shapeOf(cell).arcs[pin];
      const delays = [0, 1, 2, 3].map((edges) => {
        const [from, to] = [edges >> 1, edges & 1];
        // Timing has the rising edge first.
        return arcDelay(arcs, from, to, slew[2 * inputs[pin] + (1 - from)], loads[output]);
      });
      const worst = Math.max(0, ...delays.filter((delay) => delay !== undefined));
      delays.forEach((delay, edges) => {
        this.#delay[this.#at[index] + EDGES * pin + edges] = steps(delay ?? worst);
      });
    });
  }

  #collectFlops(library: Library, sequential: number[]): void {
    const { gates, flops, root, loads, inputSlew } = this.#graph;
    const enables = new Map<number, number>();
    this.netlist.gates.forEach(({ type, pins }) => {
      const gate = library.cells.get(type)?.gate;
      if (gate !== undefined) enables.set(root[pins[gate.output]], root[pins[gate.enable]]);
    });
    // The graph keeps the netlist's order and leaves the aliases out.
    const places: number[] = [];
    this.netlist.gates.forEach(({ type }, i) => {
      if (type !== '$alias') places.push(i);
    });
    for (const gate of flops) {
      const { cell, inputs, output } = gates[gate];
      if (cell.flop === undefined || output < 0) continue;
      const { clocked, data } = shapeOf(cell);
      const clock = root[this.netlist.gates[places[gate]].pins[cell.flop.clock]];
      const delay = [clocked?.fall, clocked?.rise].map((table) =>
        table === undefined ? 1 : steps(lookup(table, inputSlew, loads[output])),
      );
      sequential.push(places[gate]);
      this.#flops.push({ gate, data: inputs[data], enable: enables.get(clock) ?? NONE, output, delay });
    }
  }

  /** The state that all inputs and flip-flops at zero settle in, without counting how. */
  #initialise(): void {
    const { gates, order } = this.#graph;
    for (const index of order) {
      if (this.#combinational[index] === 0) continue;
      const { inputs, output } = gates[index];
      this.#index[index] = inputs.reduce((word, net, pin) => word | (this.#value[net] << pin), 0);
      this.#value[output] = (this.#table[index] >>> this.#index[index]) & 1;
    }
  }

  #port(ports: ReadonlyMap<string, readonly number[]>, name: string): readonly number[] {
    const nets = ports.get(name);
    if (nets !== undefined) return nets;
    throw new MugiError({
      code: 'unknown-name',
      message: `the netlist has no such port "${name}"`,
      received: name,
    });
  }
}

const tables = new WeakMap<Cell, number>();
function tableOf(cell: Cell): number {
  let table = tables.get(cell);
  if (table === undefined) {
    const { inputs, output } = shapeOf(cell);
    table = truthTable(
      parseFunction(output!.function ?? '0'),
      inputs.map(({ name }) => name),
    );
    tables.set(cell, table);
  }
  return table;
}

/** The slowest arc of a pin from one edge to another, ns; undefined where there is none. */
function arcDelay(
  arcs: readonly Arc[],
  from: number,
  to: number,
  slew: number,
  load: number,
): number | undefined {
  let worst: number | undefined;
  for (const { sense, rise, fall } of arcs) {
    const table = to === 1 ? rise : fall;
    const passes = sense === 'both' || (sense === 'positive') === (from === to);
    if (passes && table !== undefined) worst = Math.max(worst ?? 0, lookup(table, slew, load));
  }
  return worst;
}

const steps = (delay: number): number => Math.max(1, Math.min(0xffff, Math.round(delay * PER_NS)));
