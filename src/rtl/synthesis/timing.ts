import { type Arc, type Library, lookup } from '../liberty/library.ts';
import { levelise } from './gate-simulator.ts';
import type { Gate, Netlist } from './netlist.ts';

export interface TimingOptions {
  /** Wire capacitance per fan-out, fF. There is no placement: an estimate, stated in the result. */
  readonly wirePerFanout?: number;
  /** Slew of the inputs and of the clock, ns. */
  readonly inputSlew?: number;
}

export interface PathStep {
  readonly net: string;
  readonly cell: string;
  /** The instance that the cell lies in. */
  readonly path: string;
  readonly module: string;
  /** Arrival at the cell's output, ns. */
  readonly arrival: number;
}

export interface TimingPath {
  readonly endpoint: string;
  /** Delay from clock edge (or input) to endpoint, with setup, ns: the shortest period at which it works. */
  readonly period: number;
  readonly setup: number;
  readonly steps: readonly PathStep[];
}

export interface Timing {
  /** ns */
  readonly period: number;
  /** MHz */
  readonly frequency: number;
  /** The worst paths, one per endpoint, slowest first. */
  readonly paths: readonly TimingPath[];
  readonly wirePerFanout: number;
}

/** Load of every net: the pins on it plus the wire estimate, fF. */
export function netLoads(netlist: Netlist, library: Library, wirePerFanout: number): Float64Array {
  const root = aliases(netlist);
  const loads = new Float64Array(netlist.nets);
  for (const gate of netlist.gates) {
    const cell = library.cells.get(gate.type);
    if (cell === undefined) continue;
    for (const { name, direction, capacitance } of cell.pins) {
      const net = gate.pins[name];
      if (direction === 'input' && net !== undefined) loads[root(net)] += capacitance + wirePerFanout;
    }
  }
  return loads;
}

/** A net that only repeats another is the same wire. */
function aliases(netlist: Netlist): (net: number) => number {
  const parent = new Map<number, number>();
  for (const { type, pins } of netlist.gates) if (type === '$alias') parent.set(pins.Z, pins.A);
  return (net) => {
    let at = net;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) at = up;
    return at;
  };
}

/**
 * Static timing of a mapped netlist: arrival and slew of rising and falling edges are carried forward through the
 * NLDM tables, and each flip-flop input (with setup) and each output is an endpoint. Single ideal clock.
 */
export function analyseTiming(netlist: Netlist, library: Library, options: TimingOptions = {}): Timing {
  const { wirePerFanout = 1, inputSlew = 0.02 } = options;
  const { order, flops } = levelise(netlist, library);
  const loads = netLoads(netlist, library, wirePerFanout);
  // Index 2·net is the rising edge, 2·net + 1 the falling one. −∞: the edge never comes.
  const arrival = new Float64Array(2 * netlist.nets).fill(Number.NEGATIVE_INFINITY);
  const slew = new Float64Array(2 * netlist.nets).fill(inputSlew);
  const cause = new Int32Array(2 * netlist.nets).fill(-1);
  const through = new Map<number, Gate>();
  const clocks = new Set(flops.map(({ gate }) => gate.pins[library.cells.get(gate.type)!.flop!.clock]));
  for (const nets of netlist.inputs.values()) {
    for (const net of nets) {
      if (clocks.has(net)) continue;
      arrival[2 * net] = 0;
      arrival[2 * net + 1] = 0;
    }
  }
  const reach = (net: number, edge: 0 | 1, time: number, newSlew: number, from: number): void => {
    const at = 2 * net + edge;
    if (time > arrival[at]) {
      arrival[at] = time;
      cause[at] = from;
    }
    slew[at] = Math.max(slew[at] === inputSlew ? 0 : slew[at], newSlew);
  };
  const propagate = (gate: Gate, arc: Arc): void => {
    const from = gate.pins[arc.from];
    const to = gate.pins[arc.to];
    if (from === undefined || to === undefined) return;
    for (const edge of [0, 1] as const) {
      const delay = edge === 0 ? arc.rise : arc.fall;
      const transition = edge === 0 ? arc.riseSlew : arc.fallSlew;
      if (delay === undefined || transition === undefined) continue;
      if (arc.clocked) {
        reach(to, edge, lookup(delay, inputSlew, loads[to]), lookup(transition, inputSlew, loads[to]), -1);
        continue;
      }
      const sources = arc.sense === 'both' ? [0, 1] : [arc.sense === 'positive' ? edge : 1 - edge];
      for (const source of sources) {
        const at = 2 * from + source;
        if (arrival[at] === Number.NEGATIVE_INFINITY) continue;
        const time = arrival[at] + lookup(delay, slew[at], loads[to]);
        reach(to, edge, time, lookup(transition, slew[at], loads[to]), at);
      }
    }
  };
  for (const { gate } of flops) {
    for (const arc of library.cells.get(gate.type)!.arcs) propagate(gate, arc);
    for (const net of Object.values(gate.pins)) if (!through.has(net)) through.set(net, gate);
  }
  for (const { gate, output } of flops) through.set(output, gate);
  for (const gate of order) {
    if (gate.type === '$alias') {
      for (const edge of [0, 1]) {
        arrival[2 * gate.pins.Z + edge] = arrival[2 * gate.pins.A + edge];
        slew[2 * gate.pins.Z + edge] = slew[2 * gate.pins.A + edge];
        cause[2 * gate.pins.Z + edge] = cause[2 * gate.pins.A + edge];
      }
      const before = through.get(gate.pins.A);
      if (before !== undefined) through.set(gate.pins.Z, before);
      continue;
    }
    const cell = library.cells.get(gate.type)!;
    for (const { name, direction } of cell.pins) {
      if (direction === 'output' && gate.pins[name] !== undefined) through.set(gate.pins[name], gate);
    }
    for (const arc of cell.arcs) propagate(gate, arc);
  }

  const ends: { net: number; setup: number; name: string }[] = flops.map(({ gate, data, output }) => ({
    net: data,
    setup: library.cells.get(gate.type)!.setup,
    name: netlist.netName(output),
  }));
  for (const nets of netlist.outputs.values()) {
    for (const net of nets) ends.push({ net, setup: 0, name: netlist.netName(net) });
  }
  const late = (net: number) => Math.max(arrival[2 * net], arrival[2 * net + 1]);
  const paths = ends
    .map(({ net, setup, name }) => ({ net, setup, name, period: late(net) + setup }))
    .filter(({ period }) => period > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.period - a.period)
    .slice(0, 10)
    .map(({ net, setup, name, period }): TimingPath => {
      const steps: PathStep[] = [];
      let at = arrival[2 * net] >= arrival[2 * net + 1] ? 2 * net : 2 * net + 1;
      while (at >= 0) {
        const on = at >> 1;
        const gate = through.get(on);
        steps.push({
          net: netlist.netName(on),
          cell: gate?.type ?? 'input',
          path: gate?.path ?? '',
          module: gate?.module ?? netlist.top,
          arrival: arrival[at],
        });
        at = cause[at];
      }
      return { endpoint: name, period, setup, steps: steps.reverse() };
    });
  const period = paths[0]?.period ?? 0;
  return { period, frequency: period > 0 ? 1000 / period : Number.POSITIVE_INFINITY, paths, wirePerFanout };
}
