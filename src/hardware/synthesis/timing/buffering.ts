import type { Cell, Library } from '../../liberty/library.ts';
import { planTree, type Sink, type Tree, type TreeBuffer } from './buffer-tree.ts';
import { type Drive, type Drives, drivesOf } from './drive.ts';
import { commonPath, type Gate, type Netlist } from '../netlist.ts';
import { isEndpoint, shapeOf } from '../shape.ts';
import type { TimingOptions } from './timing.ts';
import { FALL, type GraphGate, RISE } from '../cell-graph.ts';
import { plannedSetup, TimingGraph } from './timing-graph.ts';

export interface BufferingOptions extends TimingOptions {
  /** Clock period to reach, ns. */
  readonly period: number;
}

export interface Buffered {
  readonly netlist: Netlist;
  /** Shortest period of the netlist as it was, ns. */
  readonly before: number;
  readonly buffers: number;
  /** Gates that were exchanged for another drive. */
  readonly resized: number;
}

/** A net whose load costs its driver more than this gets a tree (ns): slews stay near 0.25 ns, which wires need too. */
const HEAVY = 0.25;
/** A change must help by this much, ns: less is within the error of the linear model. */
const GAIN = 0.002;
const ROUNDS = 24;

/**
 * Buffers and sizes a mapped, flattened netlist: what mapping module by module cannot do, because it never sees the
 * load of nets between modules. First trees on heavy nets, from the endpoints back; then, while static timing finds
 * the period missed, better drives and more trees in turn. No logic changes: only buffers and drives.
 */
export function bufferNetlist(netlist: Netlist, library: Library, options: BufferingOptions): Buffered {
  const drives = drivesOf(library);
  const graph = new TimingGraph(netlist, library, options);
  graph.forward();
  const before = graph.shortestPeriod();
  const originals = graph.gates.length;
  const cells = graph.gates.map(({ cell }) => cell);
  if (drives.buffers.length > 0) {
    buildTrees(graph, drives, options.period);
    improve(graph, drives, options.period);
  }
  return {
    netlist: exported(graph, library, originals),
    before,
    buffers: graph.gates.length - originals,
    resized: cells.filter((cell, i) => cell !== graph.gates[i].cell).length,
  };
}

/** Drives and trees in turn while the period is missed. Rounds can make things worse: the best one is kept. */
function improve(graph: TimingGraph, drives: Drives, period: number): void {
  let best = { period: Infinity, restore: () => {} };
  let idle = 0;
  for (let round = 0; ; round++) {
    graph.connect();
    graph.forward();
    const reached = graph.shortestPeriod();
    if (reached <= period) return;
    if (reached < best.period) best = { period: reached, restore: saved(graph) };
    if (round === ROUNDS || idle === 2) break;
    graph.backward(period);
    const changes = round % 2 === 0 ? resize(graph, drives) : splitLate(graph, drives, period);
    idle = changes === 0 ? idle + 1 : 0;
  }
  best.restore();
}

/** Keeps cells and connections as they are; the result brings them back. */
function saved(graph: TimingGraph): () => void {
  const { gates, nets } = graph;
  const cells = gates.map(({ cell }) => cell);
  const inputs = gates.map((gate) => gate.inputs.slice());
  return () => {
    gates.length = cells.length;
    graph.nets = nets;
    gates.forEach((gate, i) => {
      gate.cell = cells[i];
      inputs[i].forEach((net, pin) => {
        gate.inputs[pin] = net;
      });
    });
  };
}

/** Trees on heavy nets, from the endpoints back, with required times of the linear model. */
function buildTrees(graph: TimingGraph, drives: Drives, period: number): void {
  const { gates, fanout, loads } = graph;
  const required = new Float64Array(gates.length);
  const visit = (net: number, gate: GraphGate | undefined): number => {
    let least = Infinity;
    for (let k = fanout.start[net]; k < fanout.start[net + 1]; k++) {
      const { cell } = gates[fanout.gate[k]];
      least = Math.min(
        least,
        !isEndpoint(cell) ? required[fanout.gate[k]] : captureTime(graph, cell, fanout.pin[k], period),
      );
    }
    if (gate !== undefined && drives.of(gate.cell).resistance * loads[net] > HEAVY)
      strengthen(graph, drives, gate, net);
    const driver = gate === undefined ? inputDrive(drives) : drives.of(gate.cell);
    const plain = least - driver.intrinsic - driver.resistance * loads[net];
    if (driver.resistance * loads[net] < HEAVY) return plain;
    const sinks = sinksOf(graph, net, period, (index) => required[index]);
    const tree = planTree(sinks, driver, drives.buffers, { wire: graph.wirePerFanout, gain: GAIN });
    if (tree === undefined) return plain;
    plant(graph, net, tree, sinks);
    return tree.required;
  };
  for (let k = graph.order.length - 1; k >= 0; k--) {
    const gate = gates[graph.order[k]];
    required[graph.order[k]] = Infinity;
    for (const net of gate.outputs) {
      if (net >= 0) required[graph.order[k]] = Math.min(required[graph.order[k]], visit(net, gate));
    }
  }
  for (const index of graph.flops) {
    const gate = gates[index];
    for (const net of gate.outputs) if (net >= 0) visit(net, gate);
  }
  for (const net of graph.starts) visit(net, undefined);
}

/** When the linear model wants a signal at an input of a flip-flop; at one that no clock edge takes, whenever. */
function captureTime(graph: TimingGraph, cell: Cell, input: number, period: number): number {
  const captured = shapeOf(cell).captured.some((one) => one.input === input);
  return captured ? period - plannedSetup(cell, input, graph.inputSlew) : Infinity;
}

/** The smallest drive that bears the load of a net without a tree, if there is one. */
function strengthen({ loads }: TimingGraph, drives: Drives, gate: GraphGate, net: number): void {
  const enough = drives
    .sizes(gate.cell)
    .filter((cell) => drives.of(cell).resistance * loads[net] <= HEAVY)
    .sort((a, b) => a.area - b.area);
  if (enough.length === 0) return;
  const [old, now] = [shapeOf(gate.cell).inputs, shapeOf(enough[0]).inputs];
  gate.inputs.forEach((input, i) => {
    loads[input] += now[i].capacitance - old[i].capacitance;
  });
  gate.cell = enough[0];
}

/** More trees, on nets that are late. Returns their number. */
function splitLate(graph: TimingGraph, drives: Drives, period: number): number {
  const { gates, fanout, nets } = graph;
  let trees = 0;
  for (let net = 2; net < nets; net++) {
    if (fanout.start[net + 1] - fanout.start[net] < 2 || !(graph.slack(net) < 0)) continue;
    const sinks = sinksOf(graph, net, period, (gate, pin) =>
      Math.min(graph.requiredAt(gate, pin, RISE), graph.requiredAt(gate, pin, FALL)),
    );
    const driver = graph.driver[net];
    const drive = driver < 0 ? inputDrive(drives) : drives.of(gates[driver].cell);
    const tree = planTree(sinks, drive, drives.buffers, { wire: graph.wirePerFanout, gain: GAIN });
    if (tree === undefined) continue;
    plant(graph, net, tree, sinks);
    trees++;
  }
  return trees;
}

interface GateSink extends Sink {
  readonly gate: number;
  readonly pin: number;
}

/** The pins on a net; `required` gives the required time at an input of a combinational gate. */
function sinksOf(
  graph: TimingGraph,
  net: number,
  period: number,
  required: (gate: number, pin: number) => number,
): GateSink[] {
  const { gates, fanout, wirePerFanout } = graph;
  const sinks: GateSink[] = [];
  for (let k = fanout.start[net]; k < fanout.start[net + 1]; k++) {
    const [gate, pin] = [fanout.gate[k], fanout.pin[k]];
    const { cell } = gates[gate];
    sinks.push({
      gate,
      pin,
      required: !isEndpoint(cell) ? required(gate, pin) : captureTime(graph, cell, pin, period),
      capacitance: shapeOf(cell).inputs[pin].capacitance + wirePerFanout,
    });
  }
  return sinks;
}

/** Puts a planned tree into the graph. A buffer belongs to the innermost instance that holds all it connects. */
function plant(graph: TimingGraph, net: number, { buffer, buffers }: Tree, sinks: readonly GateSink[]): void {
  const { gates, netlist } = graph;
  const driver = graph.driver[net];
  const place = (tree: TreeBuffer, on: number): string => {
    const output = graph.addNet(net);
    let path = driver < 0 ? '' : gates[driver].path;
    for (const sink of tree.sinks) {
      const { gate, pin } = sinks[sink];
      gates[gate].inputs[pin] = output;
      path = commonPath(path, gates[gate].path);
    }
    for (const inner of tree.buffers) path = commonPath(path, place(inner, output));
    const module = netlist.modules.get(path)!;
    gates.push({ cell: buffer.cell, path, module, inputs: [on], outputs: [output] });
    return path;
  };
  for (const tree of buffers) place(tree, net);
}

/** Inputs come from outside; they are loaded as a middling buffer would be. */
const inputDrive = ({ buffers }: Drives): Drive => buffers[buffers.length >> 1];

/** Other drives for gates that are late, where what they gain is more than what their drivers lose. Returns their number. */
function resize(graph: TimingGraph, drives: Drives): number {
  let changes = 0;
  for (const gate of graph.gates) {
    const net = latest(graph, gate);
    if (net < 0 || !(graph.slack(net) < 0)) continue;
    const load = graph.loads[net];
    const old = cost(graph, drives, gate, gate.cell, load);
    let best: { cell: Cell; cost: number } = { cell: gate.cell, cost: old - GAIN };
    for (const cell of drives.sizes(gate.cell)) {
      const now = cost(graph, drives, gate, cell, load);
      if (now < best.cost) best = { cell, cost: now };
    }
    if (best.cell === gate.cell) continue;
    gate.cell = best.cell;
    changes++;
  }
  return changes;
}

/** The output of a gate with the least time to spare; −1 where none is in use. */
function latest(graph: TimingGraph, { outputs }: GraphGate): number {
  let found = -1;
  for (const net of outputs) {
    if (net >= 0 && (found < 0 || graph.slack(net) < graph.slack(found))) found = net;
  }
  return found;
}

/** Delay of a gate with a cell in its place, and what the cell's capacitance costs the slowest of its late drivers. */
function cost(graph: TimingGraph, drives: Drives, gate: GraphGate, cell: Cell, load: number): number {
  const { intrinsic, resistance } = drives.of(cell);
  const pins = shapeOf(cell).inputs;
  const present = shapeOf(gate.cell).inputs;
  let upstream = 0;
  if (!isEndpoint(cell)) {
    gate.inputs.forEach((net, i) => {
      const driver = graph.driver[net];
      if (driver < 0 || !(graph.slack(net) < 0)) return;
      const more = pins[i].capacitance - present[i].capacitance;
      upstream = Math.max(upstream, drives.of(graph.gates[driver].cell).resistance * more);
    });
  }
  return intrinsic + resistance * load + upstream;
}

/** The graph as a netlist: gates of the original in their order with changed pins and cells, then the buffers. */
function exported(graph: TimingGraph, library: Library, originals: number): Netlist {
  const { netlist, root, gates } = graph;
  let next = 0;
  const changed = netlist.gates.map((gate): Gate => {
    if (!library.cells.has(gate.type)) return gate;
    const { cell, inputs } = gates[next++];
    // A pin that was not moved keeps the alias it hangs on.
    const moved = shapeOf(cell).inputs.flatMap(({ name }, i): [string, number][] =>
      gate.pins[name] === undefined || root[gate.pins[name]] === inputs[i] ? [] : [[name, inputs[i]]],
    );
    if (cell.name === gate.type && moved.length === 0) return gate;
    return { ...gate, type: cell.name, pins: { ...gate.pins, ...Object.fromEntries(moved) } };
  });
  const buffers = gates.slice(originals).map(({ cell, path, module, inputs, outputs }): Gate => {
    const { inputs: pins, outputs: out } = shapeOf(cell);
    const connected = { [pins[0].name]: inputs[0], [out[0].pin.name]: outputs[0] };
    return { type: cell.name, path, module, pins: connected };
  });
  return {
    ...netlist,
    gates: [...changed, ...buffers],
    nets: graph.nets,
    netName: graph.netName,
  };
}
