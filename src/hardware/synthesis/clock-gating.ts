import { MugiError } from '../../errors.ts';
import { parseFunction } from '../liberty/function.ts';
import type { Cell, Library } from '../liberty/library.ts';
import { aliasRoots, commonPath, type Gate, type Netlist } from './netlist.ts';
import { CLOCK_GATING } from './policy.ts';
import { shapeOf } from './shape.ts';
import { truthTable } from './truth-table.ts';

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
 * lie, go behind integrated clock gates, neighbours first, as the policy says; too small a group gets a multiplexer
 * before each flip-flop. Throws where the library has no plain flip-flop, or no multiplexer though one is needed.
 */
export function gateClocks(netlist: Netlist, library: Library): Gated {
  const root = aliasRoots(netlist);
  const groups = new Map<string, Gate[]>();
  const rest: Gate[] = [];
  for (const gate of netlist.gates) {
    if (gate.type !== ENABLE_FLOP.name) {
      rest.push(gate);
      continue;
    }
    const key = `${root[gate.pins.C]} ${root[gate.pins.E]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [gate]);
    else group.push(gate);
  }
  if (groups.size === 0) return { netlist, gates: 0, gated: 0, held: 0 };
  const cells = cellsOf(library);
  const names: string[] = [];
  const addNet = (name: string): number => netlist.nets + names.push(name) - 1;
  const made: Gate[] = [];
  let [gates, gated, held] = [0, 0, 0];
  const flop = (of: Gate, clock: number, data: number) => {
    const { cell, data: d, clock: ck, output } = cells.flop();
    made.push({
      type: cell.name,
      path: of.path,
      module: of.module,
      pins: { [d]: data, [ck]: clock, [output]: of.pins.Q },
    });
  };
  for (const group of groups.values()) {
    const [{ pins: shared }] = group;
    if (group.length < CLOCK_GATING.smallestGroup || cells.gates.length === 0) {
      held += group.length;
      for (const of of group) {
        const { cell, low, high, select, output } = cells.multiplexer();
        const data = addNet(`${netlist.netName(of.pins.Q)}$held`);
        const pins = { [low]: of.pins.Q, [high]: of.pins.D, [select]: of.pins.E, [output]: data };
        made.push({ type: cell.name, path: of.path, module: of.module, pins });
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
      const { clock: ck, enable, output } = cell.cell.gate!;
      const pins = { [ck]: shared.C, [enable]: shared.E, [output]: clock };
      made.push({ type: cell.cell.name, path, module: netlist.modules.get(path)!, pins });
      for (const of of members) flop(of, clock, of.pins.D);
      gates++;
      gated += members.length;
    }
  }
  return {
    netlist: {
      ...netlist,
      gates: [...rest, ...made],
      nets: netlist.nets + names.length,
      netName: (net) => (net < netlist.nets ? netlist.netName(net) : names[net - netlist.nets]),
    },
    gates,
    gated,
    held,
  };
}

/** The cells that stand for enable flip-flops: clock gates by what they drive, the smallest flip-flop and multiplexer. */
function cellsOf(library: Library) {
  const bySize = [...library.cells.values()].sort((a, b) => a.area - b.area);
  const flop = bySize.flatMap((cell) => plainFlop(cell) ?? [])[0];
  const multiplexer = bySize.flatMap((cell) => asMultiplexer(cell) ?? [])[0];
  const gates = bySize
    .filter(({ gate }) => gate !== undefined)
    .map((cell, i) => ({ cell, flops: CLOCK_GATING.flopsOfWeakest * 2 ** i }));
  const required = <T>(found: T | undefined, what: string): T => {
    if (found !== undefined) return found;
    throw new MugiError({ code: 'unsupported', message: `the library "${library.name}" has no ${what}` });
  };
  return {
    gates,
    flop: () => required(flop, 'flip-flop with a data pin and a clock pin alone'),
    multiplexer: () => required(multiplexer, 'multiplexer of two inputs'),
  };
}

function plainFlop(cell: Cell) {
  if (cell.flop === undefined || cell.pins.filter(({ direction }) => direction === 'input').length !== 2)
    return undefined;
  const next = parseFunction(cell.flop.next);
  const output = shapeOf(cell).output;
  if (next.op !== 'pin' || output === undefined) return undefined;
  return { cell, data: next.name, clock: cell.flop.clock, output: output.name };
}

/** The roles of a cell's pins if it is a multiplexer of two inputs. */
function asMultiplexer(cell: Cell) {
  const { inputs, output } = shapeOf(cell);
  if (cell.flop !== undefined || inputs.length !== 3 || output?.function === undefined) return undefined;
  const fn = parseFunction(output.function);
  const names = inputs.map(({ name }) => name);
  for (const select of names) {
    const data = names.filter((name) => name !== select);
    for (const [low, high] of [data, [...data].reverse()]) {
      // Of the pins low, high, select: low where select is 0, high where it is 1.
      if (truthTable(fn, [low, high, select]) === 0b11001010) {
        return { cell, low, high, select, output: output.name };
      }
    }
  }
  return undefined;
}
