import type { Expression } from '../expression.ts';
import type { AnyModule } from '../ir.ts';
import { needsName } from './expression.ts';

export interface IntermediateNet {
  readonly value: Expression;
  readonly name: string;
}

/**
 * The anonymous expressions that become nets of their own: those used more than once, and those that Verilog
 * cannot write in place (a slice of an expression, a case, a memory word). In order of dependence.
 */
export function intermediateNets(module: AnyModule): {
  nets: IntermediateNet[];
  names: Map<Expression, string>;
} {
  const uses = new Map<Expression, number>();
  const forced = new Set<Expression>();
  const order: Expression[] = [];
  const visit = (value: Expression, asSliceArgument: boolean): void => {
    if (needsName(value, asSliceArgument)) forced.add(value);
    const count = uses.get(value) ?? 0;
    uses.set(value, count + 1);
    if (count > 0) return;
    for (const arg of value.args) visit(arg, value.op === 'slice');
    order.push(value);
  };
  for (const root of module.roots()) visit(root, false);
  const taken = new Set(localNames(module));
  const names = new Map<Expression, string>();
  // An expression that the description names keeps that name wherever else it is used.
  for (const { signal, value } of module.body.wires) {
    if (value!.args.length > 0 && !names.has(value!)) names.set(value!, signal.name);
  }
  const nets: IntermediateNet[] = [];
  let number = 0;
  for (const value of order) {
    const repeated = uses.get(value)! > 1 && value.args.length > 0 && value.op !== 'slice';
    if (names.has(value) || (!forced.has(value) && !repeated)) continue;
    let name: string;
    do name = `t${number++}`;
    while (taken.has(name));
    names.set(value, name);
    nets.push({ value, name });
  }
  return { nets, names };
}

/** Which bits of a net are read. */
export interface Reading {
  readonly name: string;
  readonly width: number;
  readonly read: boolean[];
}

/** For each net that the module declares or receives, which of its bits something reads. */
export function readings(
  module: AnyModule,
  nets: readonly IntermediateNet[],
  names: ReadonlyMap<Expression, string>,
): Reading[] {
  const found = new Map<string, Reading>();
  const add = (name: string, width: number) => {
    found.set(name, { name, width, read: Array.from({ length: width }, () => false) });
  };
  for (const { name, width, lanes } of module.inputs) add(name, width * (lanes ?? 1));
  for (const { signal } of module.body.registers) add(signal.name, signal.width);
  for (const { signal } of module.body.wires) add(signal.name, signal.width);
  for (const { name, module: child } of module.body.instances) {
    for (const port of child.outputs) add(`${name}_${port.name}`, port.width * (port.lanes ?? 1));
  }
  for (const { value, name } of nets) add(name, value.width);

  const seen = new Set<Expression>();
  const mark = (value: Expression, high: number, low: number): void => {
    const { signal } = value;
    const reading = found.get(signal?.net ?? names.get(value) ?? '');
    const offset = signal?.offset ?? 0;
    reading?.read.fill(true, offset + low, offset + high + 1);
    markInside(value);
  };
  const markInside = (value: Expression): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (value.op === 'slice') mark(value.args[0], value.from + value.width - 1, value.from);
    else for (const arg of value.args) mark(arg, arg.width - 1, 0);
  };
  for (const { signal, value } of module.body.wires) {
    // What defines a wire does not count as a reader of it.
    if (names.get(value!) === signal.name) markInside(value!);
    else mark(value!, value!.width - 1, 0);
  }
  for (const sink of module.sinks()) mark(sink, sink.width - 1, 0);
  return [...found.values()];
}

function* localNames(module: AnyModule): Generator<string> {
  const { wires, registers, memories, instances } = module.body;
  for (const { name } of [...module.inputs, ...module.outputs, ...memories]) yield name;
  for (const { signal } of [...wires, ...registers]) yield signal.name;
  for (const { name, module: child } of instances) {
    yield name;
    for (const port of child.outputs) yield `${name}_${port.name}`;
  }
}
