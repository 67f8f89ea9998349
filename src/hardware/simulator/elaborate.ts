import type { Expression, Memory, Signal } from '../expression.ts';
import { invalid } from '../explain.ts';
import type { AnyModule } from '../ir.ts';

/** Where a value lives: in the narrow array (at most 32 bits) or in the wide one; registers come first. */
export interface Slot {
  readonly width: number;
  readonly wide: boolean;
  readonly register: boolean;
  /** Given once the whole design is known. */
  index: number;
}

/** What the names inside one instance stand for. */
export interface Scope {
  readonly signals: Map<Signal, Slot>;
  /** Expressions that several others use and that are therefore computed once. */
  readonly shared: Map<Expression, Slot>;
  readonly memories: Map<Memory, FlatMemory>;
}

export interface Assignment {
  readonly target: Slot;
  readonly value: Expression;
  readonly scope: Scope;
  readonly path: string;
}

export interface FlatRegister {
  readonly slot: Slot;
  readonly next: Expression;
  readonly enable: Expression | undefined;
  readonly reset: bigint | undefined;
  readonly scope: Scope;
}

export interface FlatMemory {
  readonly index: number;
  readonly memory: Memory;
}

export interface FlatWrite {
  readonly memory: FlatMemory;
  readonly enable: Slot;
  readonly address: Slot;
  readonly data: Slot;
}

/** A design flattened to one list of assignments in an order in which each sees its inputs already settled. */
export interface Flat {
  readonly assignments: readonly Assignment[];
  readonly registers: readonly FlatRegister[];
  readonly memories: readonly FlatMemory[];
  readonly writes: readonly FlatWrite[];
  /** Every named signal by hierarchical path: `row_3.converter.spike`, lanes as `weight[3]`. */
  readonly names: ReadonlyMap<string, Slot>;
  /** Memories by hierarchical path. */
  readonly memoryNames: ReadonlyMap<string, FlatMemory>;
  readonly inputs: ReadonlySet<Slot>;
  readonly reset: Slot;
  readonly slots: readonly Slot[];
}

/** Flattens and levelises a design; refuses combinational loops, naming the signals on the loop. */
export function elaborate(top: AnyModule): Flat {
  const elaboration = new Elaboration();
  const inputs = new Map<Signal, Slot>();
  for (const { signals } of top.inputs) for (const s of signals) inputs.set(s, elaboration.slot(s.width));
  const reset = elaboration.slot(1);
  elaboration.module(top, '', inputs);
  elaboration.names.set('reset', reset);
  return elaboration.finish(new Set([...inputs.values(), reset]), reset);
}

class Elaboration {
  readonly names = new Map<string, Slot>();
  readonly #slots: Slot[] = [];
  readonly #assignments: Assignment[] = [];
  readonly #registers: FlatRegister[] = [];
  readonly #memories: FlatMemory[] = [];
  readonly #memoryNames = new Map<string, FlatMemory>();
  readonly #writes: FlatWrite[] = [];
  readonly #sharedNodes = new Map<AnyModule, ReadonlySet<Expression>>();

  slot(width: number, register = false): Slot {
    const slot: Slot = { width, wide: width > 32, register, index: -1 };
    this.#slots.push(slot);
    return slot;
  }

  /** Adds an instance of `module` at `path` and returns the slots of its outputs, per port and lane. */
  module(module: AnyModule, path: string, inputs: ReadonlyMap<Signal, Slot>): Slot[][] {
    const scope: Scope = { signals: new Map(inputs), shared: new Map(), memories: new Map() };
    const named = (signal: Signal, slot: Slot) => {
      scope.signals.set(signal, slot);
      this.names.set(path + signal.name, slot);
    };
    for (const [signal, slot] of inputs) this.names.set(path + signal.name, slot);
    for (const { signal } of module.body.registers) named(signal, this.slot(signal.width, true));
    for (const { signal } of module.body.wires) named(signal, this.slot(signal.width));
    for (const memory of module.body.memories) {
      const flat = { index: this.#memories.length, memory };
      this.#memories.push(flat);
      this.#memoryNames.set(path + memory.name, flat);
      scope.memories.set(memory, flat);
    }
    const assign = (value: Expression, target: Slot, name: string) =>
      this.#assignments.push({ target, value, scope, path: path + name });
    const slotOf = (value: Expression, name: string): Slot => {
      if (value.signal !== undefined) return scope.signals.get(value.signal)!;
      const slot = this.slot(value.width);
      assign(value, slot, name);
      return slot;
    };
    for (const instance of module.body.instances) {
      const childInputs = new Map<Signal, Slot>();
      instance.connections.forEach((values, i) => {
        values.forEach((value, lane) => {
          const signal = instance.module.inputs[i].signals[lane];
          childInputs.set(signal, slotOf(value, `${instance.name}.${signal.name}`));
        });
      });
      const outputs = this.module(instance.module, `${path}${instance.name}.`, childInputs);
      instance.module.outputs.forEach(({ name }, i) => {
        const values = instance.outputs[name];
        const list = Array.isArray(values) ? values : [values];
        list.forEach((value: Expression, lane: number) => {
          named(value.signal!, outputs[i][lane]);
        });
      });
    }
    for (const node of this.#shared(module)) {
      const slot = this.slot(node.width);
      scope.shared.set(node, slot);
      assign(node, slot, `(${node.op})`);
    }
    for (const { signal, value } of module.body.wires) {
      assign(value!, scope.signals.get(signal)!, signal.name);
    }
    for (const { signal, next, enable, reset } of module.body.registers) {
      this.#registers.push({ slot: scope.signals.get(signal)!, next: next!, enable, reset, scope });
    }
    for (const memory of module.body.memories) {
      memory.writes.forEach(({ enable, address, data }, i) => {
        this.#writes.push({
          memory: scope.memories.get(memory)!,
          enable: slotOf(enable, `${memory.name}.write${i}`),
          address: slotOf(address, `${memory.name}.address${i}`),
          data: slotOf(data, `${memory.name}.data${i}`),
        });
      });
    }
    return module.outputs.map(({ name, lanes, values }) =>
      values.map((value, lane) => {
        const full = lanes === undefined ? name : `${name}[${lane}]`;
        const slot = slotOf(value, full);
        this.names.set(path + full, slot);
        return slot;
      }),
    );
  }

  finish(inputs: ReadonlySet<Slot>, reset: Slot): Flat {
    const next = { narrow: 0, wide: 0 };
    for (const register of [true, false]) {
      for (const slot of this.#slots) {
        if (slot.register === register) slot.index = slot.wide ? next.wide++ : next.narrow++;
      }
    }
    return {
      assignments: this.#ordered(),
      registers: this.#registers,
      memories: this.#memories,
      writes: this.#writes,
      names: this.names,
      memoryNames: this.#memoryNames,
      inputs,
      reset,
      slots: this.#slots,
    };
  }

  /** Expressions of a module that are used more than once and are worth computing once. */
  #shared(module: AnyModule): ReadonlySet<Expression> {
    const known = this.#sharedNodes.get(module);
    if (known !== undefined) return known;
    const seen = new Set<Expression>();
    const shared = new Set<Expression>();
    const visit = (node: Expression): void => {
      if (node.op === 'signal' || node.op === 'constant') return;
      if (seen.has(node)) {
        shared.add(node);
        return;
      }
      seen.add(node);
      node.args.forEach((arg, i) => {
        visit(arg);
        // Generated code tests a selector several times.
        if (node.op === 'select' && i === 0 && arg.op !== 'signal' && arg.op !== 'constant') shared.add(arg);
      });
    };
    for (const root of module.roots()) visit(root);
    this.#sharedNodes.set(module, shared);
    return shared;
  }

  #ordered(): Assignment[] {
    const producer = new Map<Slot, Assignment>();
    for (const assignment of this.#assignments) producer.set(assignment.target, assignment);
    const state = new Map<Assignment, 'open' | 'done'>();
    const ordered: Assignment[] = [];
    const trail: Assignment[] = [];
    const settle = (assignment: Assignment): void => {
      const known = state.get(assignment);
      if (known === 'done') return;
      if (known === 'open') {
        const loop = trail.slice(trail.indexOf(assignment)).map(({ path }) => path);
        throw invalid(`combinational loop: ${[...loop, loop[0]].join(' -> ')}`);
      }
      state.set(assignment, 'open');
      trail.push(assignment);
      const { value, scope, target } = assignment;
      for (const slot of sources(value, scope, scope.shared.get(value) === target)) {
        const before = producer.get(slot);
        if (before !== undefined) settle(before);
      }
      trail.pop();
      state.set(assignment, 'done');
      ordered.push(assignment);
    };
    for (const assignment of this.#assignments) settle(assignment);
    return ordered;
  }
}

/** The slots that an expression reads; at the root of a shared expression its own slot does not count. */
function* sources(value: Expression, scope: Scope, root = false): Generator<Slot> {
  if (value.signal !== undefined) {
    yield scope.signals.get(value.signal)!;
    return;
  }
  const shared = root ? undefined : scope.shared.get(value);
  if (shared !== undefined) yield shared;
  else for (const arg of value.args) yield* sources(arg, scope);
}
