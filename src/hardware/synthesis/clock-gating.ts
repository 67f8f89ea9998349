import type { Library } from '../liberty/library.ts';
import { gatingCells, type Maker } from './gating-cells.ts';
import { aliasRoots, commonPath, type Gate, type Netlist } from './netlist.ts';
import { CLOCK_GATING } from './policy.ts';
import { repeats } from './repeats.ts';

/** A flip-flop with an enable, as mapping leaves it: no cell of a library, but a request for one behind a clock gate. */
export const ENABLE_FLOP = {
  name: 'mugi_enable_flop',
  verilog: `(* blackbox *)
module mugi_enable_flop (input C, input D, input E, output Q);
endmodule
`,
} as const;

export interface Gated {
  readonly netlist: Netlist;
  /** Clock gates, and flip-flops behind them. */
  readonly gates: number;
  readonly gated: number;
  /** Flip-flops that hold by a multiplexer, because too few share their enable or the library has no clock gate. */
  readonly held: number;
}

/**
 * Replaces the enable flip-flops of a flattened netlist. Those that share clock and enable, in whichever instances they
 * lie and through whichever buffers and inverters they are told, go behind integrated clock gates, neighbours first, as the policy says; too small a group gets a multiplexer
 * before each flip-flop. Throws where the library has no plain flip-flop, or no multiplexer though one is needed.
 */
export function gateClocks(netlist: Netlist, library: Library): Gated {
  const root = aliasRoots(netlist);
  const { signalOf, withoutIdle } = repeats(netlist, library);
  const groups = new Map<string, Gate[]>();
  const rest: Gate[] = [];
  for (const gate of netlist.gates) {
    if (gate.type !== ENABLE_FLOP.name) {
      rest.push(gate);
      continue;
    }
    const key = `${root[gate.pins.C]} ${signalOf(gate.pins.E)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [gate]);
    else group.push(gate);
  }
  if (groups.size === 0) return { netlist, gates: 0, gated: 0, held: 0 };
  const names: string[] = [];
  const addNet = (name: string): number => netlist.nets + names.push(name) - 1;
  const nameOf = (net: number): string =>
    net < netlist.nets ? netlist.netName(net) : names[net - netlist.nets];
  const cells = gatingCells(library, (of, what) => addNet(`${nameOf(of)}$${what}`));
  const made: Gate[] = [];
  /** Enables that a gate takes another net of the same signal for. */
  const left: number[] = [];
  let [gates, gated, held] = [0, 0, 0];
  const make: Maker = ({ path, module }, { name }, pins) => {
    made.push({ type: name, path, module, pins });
  };
  const flop = (of: Gate, clock: number, data: number) =>
    cells.flop(make, of, { clock, data, output: of.pins.Q });
  for (const group of groups.values()) {
    const [{ pins: shared }] = group;
    if (group.length < CLOCK_GATING.smallestGroup || cells.gates.length === 0) {
      held += group.length;
      for (const of of group) {
        const data = addNet(`${netlist.netName(of.pins.Q)}$held`);
        cells.choose(make, of, { low: of.pins.Q, high: of.pins.D, select: of.pins.E, output: data });
        flop(of, of.pins.C, data);
      }
      continue;
    }
    const parts = Math.ceil(group.length / CLOCK_GATING.largestGroup);
    for (let part = 0; part < parts; part++) {
      const from = Math.floor((part * group.length) / parts);
      const members = group.slice(from, Math.floor(((part + 1) * group.length) / parts));
      const clock = addNet(`${netlist.netName(root[shared.E])}$clock${part === 0 ? '' : `_${part}`}`);
      const path = members.reduce((common, { path: own }) => commonPath(common, own), members[0].path);
      const cell = cells.gates.find(({ flops }) => flops >= members.length) ?? cells.gates.at(-1)!;
      const { clock: ck, enable, output, test } = cell.cell.gate!;
      const tied = test === undefined ? {} : { [test]: 0 };
      const pins = { [ck]: shared.C, [enable]: shared.E, [output]: clock, ...tied };
      made.push({ type: cell.cell.name, path, module: netlist.modules.get(path)!, pins });
      for (const of of members) {
        flop(of, clock, of.pins.D);
        left.push(of.pins.E);
      }
      gates++;
      gated += members.length;
    }
  }
  return {
    netlist: {
      ...netlist,
      gates: withoutIdle([...rest, ...made], left),
      nets: netlist.nets + names.length,
      netName: nameOf,
    },
    gates,
    gated,
    held,
  };
}
