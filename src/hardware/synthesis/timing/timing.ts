import { MugiError } from '../../../errors.ts';
import type { Library } from '../../liberty/library.ts';
import { aliasRoots, type Netlist } from '../netlist.ts';
import { FALL, RISE } from '../cell-graph.ts';
import { TimingGraph } from './timing-graph.ts';

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
  /** The module that the endpoint's flip-flop lies in; the top for an output. */
  readonly module: string;
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
  /** The worst path that ends in each module, slowest first: what limits the clock, unit by unit. */
  readonly units: readonly TimingPath[];
  readonly wirePerFanout: number;
}

const WORST_PATHS = 10;

/** Load of every net: the pins on it plus the wire estimate, fF. A net that repeats another has none of its own. */
export function netLoads(netlist: Netlist, library: Library, wirePerFanout: number): Float64Array {
  const root = aliasRoots(netlist);
  const loads = new Float64Array(netlist.nets);
  for (const gate of netlist.gates) {
    const cell = library.cells.get(gate.type);
    if (cell === undefined) continue;
    for (const { name, direction, capacitance } of cell.pins) {
      const net = gate.pins[name];
      if (direction === 'input' && net !== undefined) loads[root[net]] += capacitance + wirePerFanout;
    }
  }
  return loads;
}

interface Endpoint {
  /** The edge that ends there: 2·net + edge. */
  at: number;
  setup: number;
  name: string;
  module: string;
  period: number;
}

/**
 * Static timing of a mapped netlist: arrival and slew of rising and falling edges are carried forward through the
 * NLDM tables, and each flip-flop input (with setup) and each output is an endpoint. Single ideal clock; inputs
 * arrive at the clock edge whatever hangs on them.
 */
export function analyseTiming(netlist: Netlist, library: Library, options: TimingOptions = {}): Timing {
  const graph = new TimingGraph(netlist, library, options);
  graph.forward();
  const ends = endpoints(graph);
  requireTimed(graph, ends);
  const sorted = ends.filter(({ period }) => period > -Infinity).sort((a, b) => b.period - a.period);
  const first = new Map<string, Endpoint>();
  for (const end of sorted) if (!first.has(end.module)) first.set(end.module, end);
  const path = (end: Endpoint) => tracePath(graph, end);
  const period = sorted[0]?.period ?? 0;
  return {
    period,
    frequency: period > 0 ? 1000 / period : Infinity,
    paths: sorted.slice(0, WORST_PATHS).map(path),
    units: [...first.values()].map(path),
    wirePerFanout: graph.wirePerFanout,
  };
}

/** Every flip-flop input and output of the top, each with its later edge. */
function endpoints(graph: TimingGraph): Endpoint[] {
  const { arrival, gates, netlist } = graph;
  const later = (net: number, setup: (edge: number) => number, named: number, module: string): Endpoint => {
    const [rise, fall] = [RISE, FALL].map((edge) => {
      const at = 2 * net + edge;
      const before = arrival[at] === -Infinity ? 0 : setup(edge);
      return { at, setup: before, period: arrival[at] + before };
    });
    const last = fall.period > rise.period || Number.isNaN(fall.period) ? fall : rise;
    return { ...last, name: netlist.netName(named), module };
  };
  const ends: Endpoint[] = [];
  for (const capture of graph.captures()) {
    const { inputs, outputs, module } = gates[capture.gate];
    // A register goes by the name of its output.
    const named = outputs.find((net) => net >= 0) ?? inputs[capture.input];
    ends.push(later(inputs[capture.input], (edge) => graph.setupOf(capture, edge), named, module));
  }
  for (const nets of netlist.outputs.values()) {
    for (const net of nets) ends.push(later(graph.root[net], () => 0, net, netlist.top));
  }
  return ends;
}

/** Refuses delays that are not numbers, and gates through which none was found: the clock would have no limit. */
function requireTimed({ gates }: TimingGraph, ends: readonly Endpoint[]): void {
  const fault = ends.find(({ period }) => Number.isNaN(period) || period === Infinity);
  const gate = gates.find(({ inputs }) => inputs.length > 0);
  if (fault === undefined && (gate === undefined || ends.some(({ period }) => period > 0))) return;
  throw new MugiError({
    code: 'invalid-file',
    message:
      fault === undefined
        ? `the library gives no path a delay, not even through the cell "${gate!.cell.name}"`
        : `the delay to ${fault.name} is not a finite number of ns`,
    received: fault === undefined ? undefined : String(fault.period),
  });
}

function tracePath(graph: TimingGraph, { at: end, setup, name, module, period }: Endpoint): TimingPath {
  const { arrival, cause, driver, gates, netlist } = graph;
  const steps: PathStep[] = [];
  let at = end;
  while (at >= 0) {
    const on = at >> 1;
    const gate = driver[on] < 0 ? undefined : gates[driver[on]];
    steps.push({
      net: netlist.netName(on),
      cell: gate?.cell.name ?? 'input',
      path: gate?.path ?? '',
      module: gate?.module ?? netlist.top,
      arrival: arrival[at],
    });
    at = cause[at];
  }
  return { endpoint: name, module, period, setup, steps: steps.reverse() };
}
