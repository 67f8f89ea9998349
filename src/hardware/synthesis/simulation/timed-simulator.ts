import { MugiError } from '../../../errors.ts';
import { type Arc, type Library, lookup } from '../../liberty/library.ts';
import type { Simulation } from './gate-simulator.ts';
import type { Netlist } from '../netlist.ts';
import { isEndpoint, shapeOf } from '../shape.ts';
import { Tables, type TimedFlop, timedFlop } from './timed-flop.ts';
import type { TimingOptions } from '../timing/timing.ts';
import { TimingGraph } from '../timing/timing-graph.ts';
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
  readonly #tables = new Tables();
  /** By driver: its net, and when the event that waits for it comes. Drivers are gates by index, then second outputs. */
  readonly #net: number[] = [];
  readonly #pendingAt: Int32Array;
  /** By gate of the graph: where its truth table begins, and the present inputs as an index into it. */
  readonly #table: Int32Array;
  readonly #index: Uint16Array;
  /** Where the delays of a gate's pins begin. */
  readonly #at: Int32Array;
  readonly #delay: Uint16Array;
  readonly #combinational: Uint8Array;
  readonly #wheel = new TimeWheel();
  readonly #flops: TimedFlop[] = [];
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
    this.#index = new Uint16Array(gates.length);
    this.#combinational = new Uint8Array(gates.length);
    this.#at = new Int32Array(gates.length);
    let pins = 0;
    gates.forEach(({ inputs }, i) => {
      this.#at[i] = pins;
      pins += EDGES * inputs.length;
    });
    this.#delay = new Uint16Array(pins);
    for (let index = 0; index < gates.length; index++) {
      const { cell, outputs } = gates[index];
      const used = outputs.flatMap((net, o) => (net < 0 ? [] : [o]));
      this.#net.push(used.length === 0 ? NONE : outputs[used[0]]);
      if (isEndpoint(cell) || used.length === 0) continue;
      if (used.length > 1) throw unsupported(cell.name, 'drives several nets');
      this.#combinational[index] = 1;
      this.#table[index] = this.#tables.of(cell, used[0]);
      this.#setDelays(index, used[0]);
    }
    const sequential: number[] = [];
    this.#collectFlops(library, sequential);
    this.#pendingAt = new Int32Array(this.#net.length).fill(NONE);
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
    const [wheel, pendingAt, value, net] = [this.#wheel, this.#pendingAt, this.#value, this.#net];
    let last = 0;
    for (let driver = wheel.next(); driver >= 0; driver = wheel.next()) {
      // Events that were called off stay in the wheel.
      if (pendingAt[driver] !== wheel.now) continue;
      pendingAt[driver] = NONE;
      last = wheel.now;
      this.#change(net[driver], value[net[driver]] ^ 1, wheel.now);
    }
    this.settled = Math.max(this.settled, last / PER_NS);
  }

  step(): void {
    this.settle();
    this.#wheel.restart();
    const value = this.#value;
    this.#flops.forEach((flop, i) => {
      const { data, enable, outputs } = flop;
      const moved = this.toggles[data] - this.#before[i];
      this.#before[i] = this.toggles[data];
      if (enable >= 0) {
        if (value[enable] === 0) {
          this.stopped[i] += moved;
          return;
        }
        this.clocked[i]++;
      }
      const next = flop.next(value, flop.state);
      if (next === flop.state) return;
      flop.state = next;
      for (const { driver, inverts, delay } of outputs) this.#schedule(driver, delay[next ^ inverts]);
    });
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
    const { fanout } = this.#graph;
    const { bits } = this.#tables;
    const [index, table, pendingAt, value] = [this.#index, this.#table, this.#pendingAt, this.#value];
    value[net] = now;
    this.toggles[net]++;
    for (let k = fanout.start[net]; k < fanout.start[net + 1]; k++) {
      const gate = fanout.gate[k];
      if (this.#combinational[gate] === 0) continue;
      const pin = fanout.pin[k];
      index[gate] ^= 1 << pin;
      const next = bits[table[gate] + index[gate]];
      if (next === value[this.#net[gate]]) pendingAt[gate] = NONE;
      else if (pendingAt[gate] === NONE) {
        this.#schedule(gate, time + this.#delay[this.#at[gate] + EDGES * pin + 2 * now + next]);
      }
    }
  }

  #schedule(driver: number, time: number): void {
    this.#pendingAt[driver] = time;
    this.#wheel.add(driver, time);
  }

  #setDelays(index: number, output: number): void {
    const { gates, edgeLoads, slew } = this.#graph;
    const { cell, inputs, outputs } = gates[index];
    shapeOf(cell).outputs[output].arcs.forEach((arcs, pin) => {
      const delays = [0, 1, 2, 3].map((edges) => {
        const [from, to] = [edges >> 1, edges & 1];
        // Timing has the rising edge first.
        const load = edgeLoads[2 * outputs[output] + (1 - to)];
        return arcDelay(arcs, from, to, slew[2 * inputs[pin] + (1 - from)], load);
      });
      const worst = Math.max(0, ...delays.filter((delay) => delay !== undefined));
      delays.forEach((delay, edges) => {
        this.#delay[this.#at[index] + EDGES * pin + edges] = steps(delay ?? worst);
      });
    });
  }

  #collectFlops(library: Library, sequential: number[]): void {
    const { gates, flops, root } = this.#graph;
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
      const { cell } = gates[gate];
      if (cell.flop === undefined) continue;
      const clock = root[this.netlist.gates[places[gate]].pins[cell.flop.clock]];
      const flop = timedFlop(this.#graph, gate, this.#tables, steps);
      for (const output of flop.outputs) {
        // The first output goes by the gate's own number.
        if (output.net === this.#net[gate]) output.driver = gate;
        else output.driver = this.#net.push(output.net) - 1;
        this.#value[output.net] = flop.state ^ output.inverts;
      }
      sequential.push(places[gate]);
      this.#flops.push({ ...flop, enable: enables.get(clock) ?? NONE });
    }
  }

  /** The state that all inputs and flip-flops at zero settle in, without counting how. */
  #initialise(): void {
    const { gates, order } = this.#graph;
    for (const index of order) {
      if (this.#combinational[index] === 0) continue;
      this.#index[index] = gates[index].inputs.reduce(
        (word, net, pin) => word | (this.#value[net] << pin),
        0,
      );
      this.#value[this.#net[index]] = this.#tables.bits[this.#table[index] + this.#index[index]];
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

const unsupported = (cell: string, what: string) =>
  new MugiError({ code: 'unsupported', message: `a timed simulation takes no cell that ${what}: "${cell}"` });
