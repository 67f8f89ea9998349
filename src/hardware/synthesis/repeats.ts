import type { Library } from '../liberty/library.ts';
import { gateOf } from './gating-cells.ts';
import { aliasRoots, type Gate, type Netlist } from './netlist.ts';
import { shapeOf } from './shape.ts';

/**
 * Nets that carry the same signal. A mapper makes the last gate in front of each output anew, so that the enables of a
 * register's bits are nets of their own.
 */
export interface Repeats {
  /** Names the signal of a net: the same for nets behind equal gates on equal signals, through buffers and inverters. */
  signalOf(net: number): number;
  /** The gates without those that drove only these nets, which nothing takes any more. */
  withoutIdle(gates: readonly Gate[], nets: Iterable<number>): Gate[];
}

/** A combinational cell of one output. */
interface Kind {
  inputs: readonly string[];
  output: string;
  /** Of a buffer or an inverter: whether it inverts. */
  inverts?: boolean;
}

function kindsOf(library: Library): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const cell of library.cells.values()) {
    const { inputs, outputs } = shapeOf(cell);
    if (cell.flop !== undefined || cell.gate !== undefined || outputs.length !== 1) continue;
    if (outputs[0].pin.function === undefined) continue;
    const kind = { inputs: inputs.map(({ name }) => name), output: outputs[0].pin.name };
    const [follows, inverts] = ['01', '10'].map((table) => gateOf(cell, 1, table) !== undefined);
    kinds.set(cell.name, follows || inverts ? { ...kind, inverts } : kind);
  }
  return kinds;
}

export function repeats(netlist: Netlist, library: Library): Repeats {
  const root = aliasRoots(netlist);
  const kinds = kindsOf(library);
  const drivers = new Map<number, { gate: Gate; kind: Kind }>();
  for (const gate of netlist.gates) {
    const kind = kinds.get(gate.type);
    if (kind !== undefined) drivers.set(gate.pins[kind.output], { gate, kind });
  }
  /** Twice a number of what drives a net, and one more where it is inverted. */
  const signals = new Map<number, number>();
  const numbers = new Map<string, number>();
  const numbered = (what: string): number => {
    let number = numbers.get(what);
    if (number === undefined) numbers.set(what, (number = 2 * numbers.size));
    return number;
  };
  const signalOf = (net: number): number => {
    const own = root[net];
    const known = signals.get(own);
    if (known !== undefined) return known;
    // A loop of gates ends at the net that it was entered by.
    signals.set(own, numbered(`${own}`));
    const by = drivers.get(own);
    if (by !== undefined) {
      const taken = by.kind.inputs.map((pin) => signalOf(by.gate.pins[pin]));
      const { inverts } = by.kind;
      signals.set(
        own,
        inverts === undefined ? numbered(`${by.gate.type} ${taken.join(' ')}`) : taken[0] ^ Number(inverts),
      );
    }
    return signals.get(own)!;
  };
  return {
    signalOf,
    withoutIdle(gates, nets) {
      const loads = new Int32Array(netlist.nets);
      for (const { type, pins } of gates) {
        const output = kinds.get(type)?.output;
        for (const [pin, net] of Object.entries(pins)) if (pin !== output && net < netlist.nets) loads[net]++;
      }
      for (const own of netlist.outputs.values()) for (const net of own) loads[net]++;
      const idle = new Set<Gate>();
      const left = [...nets];
      for (let net = left.pop(); net !== undefined; net = left.pop()) {
        const by = drivers.get(root[net]);
        if (by === undefined || loads[root[net]] > 0 || idle.has(by.gate)) continue;
        idle.add(by.gate);
        for (const pin of by.kind.inputs) {
          loads[by.gate.pins[pin]]--;
          left.push(by.gate.pins[pin]);
        }
      }
      return gates.filter((gate) => !idle.has(gate));
    },
  };
}
