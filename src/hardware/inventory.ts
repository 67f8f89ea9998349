import type { Expression, Operation } from './expression.ts';
import { type AnyModule, modulesOf } from './ir.ts';

/** How often a machine has a module, and what one of them holds itself, without the modules inside it. */
export interface InventoryRow {
  module: string;
  instances: number;
  /** Bits of registers and of register files. */
  register_bits: number;
  /** What its expressions take in gates of two inputs, by rule (`GATES`): before any synthesis, so a size and no area. */
  gates: number;
}

/**
 * Gates of two inputs for a bit of an operation's result, after the usual textbook cells: a multiplexer of two inputs and an
 * XOR two, a full adder five; arithmetic by columns of those. Wiring takes none.
 */
const GATES: Readonly<Record<Operation, (node: Expression) => number>> = {
  constant: () => 0,
  signal: () => 0,
  slice: () => 0,
  concat: () => 0,
  not: ({ width }) => width / 2,
  and: ({ width }) => width,
  or: ({ width }) => width,
  xor: ({ width }) => 2 * width,
  add: ({ width }) => 5 * width,
  sub: ({ width }) => 5 * width,
  mul: ({ args }) => 6 * args[0].width * args[1].width,
  eq: ({ args }) => 3 * args[0].width,
  lt: ({ args }) => 3 * args[0].width,
  shiftLeft: ({ width, args }) => 2 * width * args[1].width,
  shiftRight: ({ width, args }) => 2 * width * args[1].width,
  mux: ({ width }) => 2 * width,
  select: ({ width, args }) => 2 * width * (args.length - 2),
  reduceAnd: ({ args }) => args[0].width - 1,
  reduceOr: ({ args }) => args[0].width - 1,
  reduceXor: ({ args }) => 2 * (args[0].width - 1),
  read: ({ width, memory }) => 2 * width * (memory!.depth - 1),
};

/** A flip-flop, by the same rule: two latches, each a multiplexer whose output comes back through a gate. */
const REGISTER_GATES = 6;

/** The size of an instance: registers and gates together, in gates of two inputs. */
export const gateSize = ({ gates, register_bits }: InventoryRow): number =>
  gates + REGISTER_GATES * register_bits;

/**
 * What a machine is composed of, counted by walking from module to module: every distinct module with its instances, parents
 * before children. Modules of one name are one, as in the Verilog.
 */
export function inventory(top: AnyModule): InventoryRow[] {
  const rows = new Map<string, InventoryRow>();
  const visit = (module: AnyModule): void => {
    if (rows.has(module.name)) return;
    rows.set(module.name, ownRow(module));
    for (const { module: child } of module.body.instances) visit(child);
  };
  visit(top);
  rows.get(top.name)!.instances = 1;
  // A module is counted when all that hold it are: parents first.
  for (const { name, body } of modulesOf(top).reverse()) {
    const { instances } = rows.get(name)!;
    for (const { module: child } of body.instances) rows.get(child.name)!.instances += instances;
  }
  return [...rows.values()];
}

function ownRow(module: AnyModule): InventoryRow {
  const { registers, memories } = module.body;
  const seen = new Set<Expression>();
  let gates = 0;
  const visit = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    gates += GATES[node.op](node);
    node.args.forEach(visit);
  };
  for (const root of module.roots()) visit(root);
  const files = memories.filter(({ contents }) => contents === undefined);
  return {
    module: module.name,
    instances: 0,
    register_bits:
      registers.reduce((sum, { signal }) => sum + signal.width, 0) +
      files.reduce((sum, { width, depth }) => sum + width * depth, 0),
    gates,
  };
}
