import type { Bits } from './bits.ts';
import { invalid } from './explain.ts';
import type { InputPort, Ports } from './port.ts';
import type { Expression, Memory } from './expression.ts';
import type { RegisterStatement, WireStatement } from './statement.ts';

export type Outputs = Readonly<Record<string, Bits | readonly Bits[]>>;

/** What an instance gives back: the same names as the module's outputs, seen from outside. */
export type InstanceOutputs<O extends Outputs> = {
  readonly [K in keyof O]: O[K] extends Bits
    ? Bits
    : O[K] extends readonly Bits[]
      ? readonly Bits[]
      : Bits | readonly Bits[];
};

export interface OutputPort {
  readonly name: string;
  readonly width: number;
  readonly lanes: number | undefined;
  /** One expression per lane. */
  readonly values: readonly Bits[];
}

export interface Instance {
  readonly name: string;
  readonly module: AnyModule;
  /** Per input port of the module, per lane. */
  readonly connections: readonly (readonly Bits[])[];
  readonly outputs: Outputs;
}

export interface Body {
  readonly wires: readonly WireStatement[];
  readonly registers: readonly RegisterStatement[];
  readonly memories: readonly Memory[];
  readonly instances: readonly Instance[];
}

/** A finished module: the intermediate representation that the simulator, Verilog and cost back ends read. */
export class Module<P extends Ports = Ports, O extends Outputs = Outputs> {
  readonly name: string;
  readonly doc: string;
  readonly ports: P;
  readonly result: O;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly body: Body;
  /** Whether it, or anything inside it, has state (and so a `clock`), or state with a reset (a `reset`). */
  readonly hasClock: boolean;
  readonly hasReset: boolean;

  constructor(
    header: { name: string; doc?: string; inputs: P },
    inputs: readonly InputPort[],
    result: O,
    outputs: readonly OutputPort[],
    body: Body,
  ) {
    this.name = header.name;
    this.doc = header.doc ?? '';
    this.ports = header.inputs;
    this.result = result;
    this.inputs = inputs;
    this.outputs = outputs;
    this.body = body;
    this.hasReset =
      body.registers.some(({ reset }) => reset !== undefined) ||
      body.instances.some(({ module }) => module.hasReset);
    this.hasClock =
      body.registers.length > 0 ||
      body.memories.some(({ writes }) => writes.length > 0) ||
      body.instances.some(({ module }) => module.hasClock);
    const seen = new Set<Expression>();
    for (const value of this.roots()) this.#checkOwner(value, seen);
  }

  /** Every expression that the module evaluates, in a fixed order. */
  *roots(): Generator<Expression> {
    for (const { value } of this.body.wires) yield value!;
    yield* this.sinks();
  }

  /** Where values leave combinational logic: registers, memories, instances and outputs. */
  *sinks(): Generator<Expression> {
    for (const { enable, next } of this.body.registers) {
      if (enable !== undefined) yield enable;
      yield next!;
    }
    for (const { writes } of this.body.memories) {
      for (const { enable, address, data } of writes) yield* [enable, address, data];
    }
    for (const { connections } of this.body.instances) yield* connections.flat();
    for (const { values } of this.outputs) yield* values;
  }

  #checkOwner(value: Expression, seen: Set<Expression>): void {
    if (seen.has(value)) return;
    seen.add(value);
    const home = value.signal?.module ?? value.memory?.module;
    if (home !== undefined && home !== this.name) {
      const name = value.signal?.name ?? value.memory?.name;
      throw invalid(`"${name}" belongs to module ${home} and cannot be used inside ${this.name}`);
    }
    for (const arg of value.args) this.#checkOwner(arg, seen);
  }
}

export type AnyModule = Module<Ports, Outputs>;

/** Every module reachable from `top`, children before parents, each once. */
export function modulesOf(top: AnyModule): AnyModule[] {
  const found = new Map<string, AnyModule>();
  const visit = (module: AnyModule): void => {
    const known = found.get(module.name);
    if (known === module) return;
    for (const { module: child } of module.body.instances) visit(child);
    // Two builds of the same parameters are welcome; the Verilog back end checks that their text is the same.
    if (known === undefined) found.set(module.name, module);
  };
  visit(top);
  return [...found.values()];
}
