import { type Arc, type Cell, type Library, lookup, type Setup } from '../../liberty/library.ts';
import { CellGraph, FALL, RISE } from '../cell-graph.ts';
import type { Netlist } from '../netlist.ts';
import { CLOCK_GATING } from '../policy.ts';
import { shapeOf } from '../shape.ts';

const NEVER = -Infinity;
const EDGES = [RISE, FALL] as const;

/** An input that a clock edge takes. */
export interface Capture {
  readonly gate: number;
  readonly input: number;
  readonly setups: readonly Setup[];
}

/**
 * A mapped netlist for timing: arrival times and slews carried forward, and required times carried back, through the
 * NLDM tables, edge by edge. Single ideal clock. Times in ns.
 */
export class TimingGraph extends CellGraph {
  /** Slew of the inputs and of the clock. */
  readonly inputSlew: number;
  arrival = new Float64Array(0);
  slew = new Float64Array(0);
  required = new Float64Array(0);
  /** Which edge (2·net + edge) made an edge arrive last; −1 at a start. */
  cause = new Int32Array(0);

  constructor(netlist: Netlist, library: Library, { wirePerFanout = 1, inputSlew = 0.02 } = {}) {
    super(netlist, library, wirePerFanout);
    this.inputSlew = inputSlew;
  }

  /** Arrival times and slews: of several causes of an edge the latest arrival and, apart from it, the longest slew. */
  forward(): void {
    const { gates, nets, inputSlew } = this;
    this.arrival = new Float64Array(2 * nets).fill(NEVER);
    this.slew = new Float64Array(2 * nets);
    this.cause = new Int32Array(2 * nets).fill(-1);
    for (const net of this.starts) {
      for (const edge of EDGES) {
        this.arrival[2 * net + edge] = 0;
        this.slew[2 * net + edge] = inputSlew;
      }
    }
    for (const index of this.flops) {
      const { cell, outputs } = gates[index];
      shapeOf(cell).outputs.forEach(({ clocked }, o) => {
        if (outputs[o] < 0) return;
        for (const arc of clocked) for (const edge of EDGES) this.#pass(arc, edge, -1, outputs[o]);
      });
    }
    for (const index of this.order) {
      const { cell, inputs, outputs } = gates[index];
      const shape = shapeOf(cell);
      for (let o = 0; o < outputs.length; o++) {
        if (outputs[o] < 0) continue;
        const { arcs } = shape.outputs[o];
        for (let i = 0; i < inputs.length; i++) {
          for (const arc of arcs[i]) {
            for (const edge of EDGES) {
              if (arc.sense !== 'negative') this.#pass(arc, edge, 2 * inputs[i] + edge, outputs[o]);
              if (arc.sense !== 'positive') this.#pass(arc, edge, 2 * inputs[i] + 1 - edge, outputs[o]);
            }
          }
        }
      }
    }
  }

  /** An edge of a net through an arc from the edge `source`, from the clock where that is −1. */
  #pass(arc: Arc, edge: number, source: number, net: number): void {
    const { arrival, slew } = this;
    const delays = edge === RISE ? arc.rise : arc.fall;
    const slews = edge === RISE ? arc.riseSlew : arc.fallSlew;
    const start = source < 0 ? 0 : arrival[source];
    if (start === NEVER || delays === undefined || slews === undefined) return;
    const target = 2 * net + edge;
    const before = source < 0 ? this.inputSlew : slew[source];
    const load = this.edgeLoads[target];
    const time = start + lookup(delays, before, load);
    // A time that is no number stays, for the analysis to refuse.
    if (time > arrival[target] || Number.isNaN(time)) {
      arrival[target] = time;
      this.cause[target] = source;
    }
    // Beyond a table, extrapolation can fall below zero, which no slew does.
    slew[target] = Math.max(slew[target], lookup(slews, before, load));
  }

  /** Every input that a clock edge takes. */
  *captures(): Generator<Capture> {
    for (const gate of this.flops) {
      for (const { input, setups } of shapeOf(this.gates[gate].cell).captured) yield { gate, input, setups };
    }
  }

  /** How long before the clock edge an edge of a captured input must be there, after `forward`. */
  setupOf({ gate, input, setups }: Capture, edge: number): number {
    const { cell, inputs } = this.gates[gate];
    return leadOf(cell) + longestSetup(setups, edge, this.slew[2 * inputs[input] + edge], this.inputSlew);
  }

  /** The shortest period at which every endpoint is met, after `forward`. */
  shortestPeriod(): number {
    let longest = 0;
    for (const net of this.outputs) {
      longest = Math.max(longest, this.arrival[2 * net], this.arrival[2 * net + 1]);
    }
    for (const capture of this.captures()) {
      const net = this.gates[capture.gate].inputs[capture.input];
      for (const edge of EDGES) {
        if (this.arrival[2 * net + edge] === NEVER) continue;
        longest = Math.max(longest, this.arrival[2 * net + edge] + this.setupOf(capture, edge));
      }
    }
    return longest;
  }

  /** Required times for a clock period, after `forward`. */
  backward(period: number): void {
    const required = (this.required = new Float64Array(2 * this.nets).fill(Infinity));
    for (const net of this.outputs) required[2 * net] = required[2 * net + 1] = period;
    for (const capture of this.captures()) {
      const net = this.gates[capture.gate].inputs[capture.input];
      for (const edge of EDGES) {
        const at = 2 * net + edge;
        required[at] = Math.min(required[at], period - this.setupOf(capture, edge));
      }
    }
    for (let k = this.order.length - 1; k >= 0; k--) {
      const { inputs } = this.gates[this.order[k]];
      for (let i = 0; i < inputs.length; i++) {
        for (const edge of EDGES) {
          const at = 2 * inputs[i] + edge;
          required[at] = Math.min(required[at], this.requiredAt(this.order[k], i, edge));
        }
      }
    }
  }

  /** When an edge must reach an input pin of a combinational gate, by the required times of its outputs. */
  requiredAt(index: number, pin: number, edge: number): number {
    const { cell, inputs, outputs } = this.gates[index];
    let least = Infinity;
    const slew = this.slew[2 * inputs[pin] + edge];
    for (let o = 0; o < outputs.length; o++) {
      if (outputs[o] < 0) continue;
      for (const arc of shapeOf(cell).outputs[o].arcs[pin]) {
        for (const to of EDGES) {
          if (arc.sense === (to === edge ? 'negative' : 'positive')) continue;
          const delays = to === RISE ? arc.rise : arc.fall;
          if (delays === undefined) continue;
          const target = 2 * outputs[o] + to;
          least = Math.min(least, this.required[target] - lookup(delays, slew, this.edgeLoads[target]));
        }
      }
    }
    return least;
  }

  /** Time to spare at a net; infinite where no timed path passes. */
  slack(net: number): number {
    const of = (at: number) => (this.arrival[at] === NEVER ? Infinity : this.required[at] - this.arrival[at]);
    return Math.min(of(2 * net), of(2 * net + 1));
  }
}

/** How much earlier than flip-flops a clock gate gets its clock, ns. */
const leadOf = ({ gate }: Cell): number => (gate === undefined ? 0 : CLOCK_GATING.lead);

/** The longest setup time of an edge by tables that hold under different conditions; 0 without any. */
function longestSetup(setups: readonly Setup[], edge: number, data: number, clock: number): number {
  let longest = -Infinity;
  for (const { rise, fall } of setups) {
    const table = edge === RISE ? rise : fall;
    if (table !== undefined) longest = Math.max(longest, lookup(table, data, clock));
  }
  return longest === -Infinity ? 0 : longest;
}

/** Setup time of an input of a flip-flop whose edges are as steep as the clock's: for plans. */
export function plannedSetup(cell: Cell, input: number, slew: number): number {
  const setups = shapeOf(cell).captured.find((one) => one.input === input)?.setups ?? [];
  return leadOf(cell) + Math.max(...EDGES.map((edge) => longestSetup(setups, edge, slew, slew)));
}
