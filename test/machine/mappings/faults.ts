import { GateSimulator } from '../../../src/hardware/synthesis/simulation/gate-simulator.ts';
import type { Netlist } from '../../../src/hardware/synthesis/netlist.ts';
import { type Compared, gateMappings, library } from './mappings.ts';

/** Faults of gates, and what random work shows of them. */

/** A cell with one input held at 0 or 1. */
export function stuck(netlist: Netlist, next: () => number): { what: string; netlist: Netlist } {
  for (;;) {
    const at = Math.floor(next() * netlist.gates.length);
    const gate = netlist.gates[at]!;
    const inputs = Object.keys(gate.pins).filter((pin) => /^[AB]\d?$/.test(pin));
    // What only passes a net on into a module is no cell.
    if (gate.type === '$alias' || inputs.length === 0) continue;
    const pin = inputs[Math.floor(next() * inputs.length)]!;
    const level = next() < 0.5 ? 0 : 1;
    const gates = netlist.gates.with(at, { ...gate, pins: { ...gate.pins, [pin]: level } });
    return { what: `${gate.type} of ${gate.path}: ${pin} at ${level}`, netlist: { ...netlist, gates } };
  }
}

/** Gates beside others with as many flip-flops, under the same stimulus. */
class Beside extends GateSimulator {
  /** Whether some flip-flop of the two has differed. */
  apart = false;
  readonly #other: GateSimulator;

  constructor(netlist: Netlist, other: Netlist) {
    super(netlist, library);
    this.#other = new GateSimulator(other, library);
  }

  override poke(port: string, values: readonly (number | bigint)[]): void {
    super.poke(port, values);
    this.#other.poke(port, values);
  }

  override step(): void {
    super.step();
    this.#other.step();
    if (this.apart) return;
    const [own, other] = [this.state(), this.#other.state()];
    this.apart = own.some((word, i) => word !== other[i]);
  }
}

/**
 * What a fault does within so many mappings: `seen` where a pin of the node differs from the cycle model; `silent` where it
 * changes flip-flops alone; `idle` where all pins and flip-flops are the same in every cycle, so that nothing can show it.
 */
export function effectOf(
  good: Netlist,
  faulty: Netlist,
  rows: number,
  mappings: number,
  seed: number,
): 'seen' | 'silent' | 'idle' {
  const run = (netlist: Netlist, gates?: GateSimulator): Compared =>
    gateMappings(netlist, rows, mappings, seed, gates);
  if (run(faulty).difference !== undefined) return 'seen';
  const both = new Beside(faulty, good);
  run(faulty, both);
  return both.apart ? 'silent' : 'idle';
}
