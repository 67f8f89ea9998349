import { Bits, bits, constant, type Operand } from './bits.ts';
import { describe, expectBit, invalid } from './explain.ts';
import { type Instance, type InstanceOutputs, Module, type OutputPort, type Outputs } from './ir.ts';
import {
  checkName,
  type InputPort,
  type PortShape,
  type Ports,
  type PortValues,
  portSignals,
  scalar,
} from './port.ts';
import type { Memory, Signal } from './expression.ts';
import type { RegisterStatement, WireStatement } from './statement.ts';
import { DeclaredWire, type MutableMemory, ReadOnlyMemory, Register, RegisterFile } from './state.ts';

export { vector } from './port.ts';

export interface ModuleHeader<P extends Ports> {
  /** A Verilog identifier; parameterised modules carry their parameters in it: `fifo_w16_d8`. */
  name: string;
  /** One or more lines for readers of the emitted Verilog. */
  doc?: string;
  /** Input ports by name: a width, or `vector(lanes, width)`. */
  inputs: P;
}

/** What an instance's inputs take: an operand per port, a list per vector port. */
export type Connections<P extends Ports> = {
  readonly [K in keyof P]: P[K] extends number
    ? Operand
    : P[K] extends { lanes: number }
      ? readonly Operand[]
      : Operand | readonly Operand[];
};

/**
 * Describes a hardware module: `build` receives the module under construction and its inputs, and returns
 * its outputs by name. Clock and reset are implicit and appear only where registers need them.
 */
export function module<const P extends Ports, O extends Outputs>(
  header: ModuleHeader<P>,
  build: (m: ModuleBuilder, inputs: PortValues<P>) => O,
): Module<P, O> {
  checkName('module', header.name);
  const m = new ModuleBuilder(header.name);
  const ports = Object.entries<PortShape>(header.inputs).map(([name, shape]): InputPort => {
    m.claim(name);
    const signals = portSignals('input', header.name, name, name, shape);
    const lanes = typeof shape === 'number' ? undefined : shape.lanes;
    return { name, width: signals[0].width, lanes, signals };
  });
  const inputs = Object.fromEntries(ports.map((port) => [port.name, asBits(port.signals, port.lanes)]));
  return m.finish(header, ports, build(m, inputs as PortValues<P>));
}

/** Everything that a module can contain. Each name is unique there and can be probed in the simulator. */
export class ModuleBuilder {
  readonly name: string;
  readonly #names = new Set<string>();
  readonly #wires: WireStatement[] = [];
  readonly #registers: RegisterStatement[] = [];
  readonly #memories: Memory[] = [];
  readonly #instances: Instance[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Names an expression, so that it can be read in the Verilog and probed in the simulator. */
  wire(name: string, value: Bits): Bits {
    const signal = this.#signal('wire', name, value.width);
    this.#wires.push({ kind: 'wire', signal, value });
    return new Bits('signal', value.width, [], { signal });
  }

  /** A wire that is used before it is known, driven once with `drive`: for feedback between instances. */
  declare(name: string, width: number): DeclaredWire {
    const statement: WireStatement = {
      kind: 'wire',
      signal: this.#signal('wire', name, width),
      value: undefined,
    };
    this.#wires.push(statement);
    return new DeclaredWire(statement);
  }

  /**
   * A register. With `enable` (one bit) it holds its value while enable is low; with `reset` it takes that value
   * at a clock edge with the module's reset high. Give its next value once with `next`.
   */
  register(name: string, width: number, options: { reset?: number | bigint; enable?: Bits } = {}): Register {
    if (options.enable !== undefined) expectBit(`enable of register "${name}"`, options.enable);
    const reset = options.reset === undefined ? undefined : constant(options.reset, width).value;
    const statement: RegisterStatement = {
      kind: 'register',
      signal: this.#signal('register', name, width),
      reset,
      enable: options.enable,
      next: undefined,
    };
    this.#registers.push(statement);
    return new Register(statement);
  }

  /** A register that takes `value` at every (enabled) clock edge: one cycle of delay. */
  delay(name: string, value: Bits, options: { reset?: number | bigint; enable?: Bits } = {}): Bits {
    return this.register(name, value.width, options).next(value);
  }

  /** A small register file: asynchronous reads, one or more synchronous write ports (later ports win). */
  memory(name: string, shape: { width: number; depth: number }): RegisterFile {
    this.claim(name);
    return new RegisterFile(this.#memory(name, shape.width, shape.depth, undefined));
  }

  /** A read-only table of `width`-bit words, read asynchronously; the Verilog keeps it in a memory file. */
  rom(name: string, width: number, contents: readonly (number | bigint)[]): ReadOnlyMemory {
    this.claim(name);
    const words = contents.map((word) => constant(word, width).value);
    return new ReadOnlyMemory(this.#memory(name, width, words.length, words));
  }

  /** Places `of` inside this module, connects all its inputs and returns its outputs. */
  instance<P extends Ports, O extends Outputs>(
    name: string,
    of: Module<P, O>,
    inputs: Connections<P>,
  ): InstanceOutputs<O> {
    this.claim(name);
    const given: Readonly<Record<string, Operand | readonly Operand[]>> = inputs;
    const connections = of.inputs.map((port) => {
      const operands = given[port.name];
      if (operands === undefined) {
        throw invalid(`instance "${name}" of ${of.name} leaves input "${port.name}" unconnected`);
      }
      const list = Array.isArray(operands) ? operands : [operands as Operand];
      if (list.length !== port.signals.length) {
        throw invalid(
          `instance "${name}": input "${port.name}" has ${port.signals.length} lanes but got ${list.length}`,
        );
      }
      return list.map((operand: Operand) => {
        const value = bits(operand, port.width, () => `instance "${name}", input "${port.name}"`);
        if (value.width === port.width) return value;
        throw invalid(
          `instance "${name}": input "${port.name}" is ${port.width} bits wide but ${describe(value)} is ${value.width}`,
          value,
        );
      });
    });
    for (const key of Object.keys(given)) {
      if (!of.inputs.some((port) => port.name === key)) {
        throw invalid(`instance "${name}": ${of.name} has no input "${key}"`);
      }
    }
    const outputs: Record<string, Bits | readonly Bits[]> = {};
    for (const port of of.outputs) {
      this.claim(`${name}_${port.name}`);
      const shape = port.lanes === undefined ? port.width : { lanes: port.lanes, width: port.width };
      const net = `${name}_${port.name}`;
      const signals = portSignals('instance', this.name, `${name}.${port.name}`, net, shape);
      outputs[port.name] = asBits(signals, port.lanes);
    }
    this.#instances.push({ name, module: of, connections, outputs });
    return outputs as InstanceOutputs<O>;
  }

  /** Reserves a name; a second use is an error that names the module. */
  claim(name: string): void {
    checkName(`name in module ${this.name}`, name);
    if (this.#names.has(name)) throw invalid(`module ${this.name} uses the name "${name}" twice`);
    this.#names.add(name);
  }

  finish<P extends Ports, O extends Outputs>(
    header: ModuleHeader<P>,
    inputs: readonly InputPort[],
    outputs: O,
  ): Module<P, O> {
    const ports: OutputPort[] = Object.entries<Bits | readonly Bits[]>(outputs).map(([name, value]) => {
      const vector = !(value instanceof Bits);
      const values = vector ? value : [value];
      if (values.length === 0) throw invalid(`output "${name}" of module ${this.name} has no lanes`);
      const width = values[0].width;
      if (values.some((lane) => lane.width !== width)) {
        throw invalid(`the lanes of output "${name}" of module ${this.name} differ in width`);
      }
      // An output may carry the name of the very signal that it exports.
      if (!(values.length === 1 && !vector && isLocal(values[0], name))) this.claim(name);
      return { name, width, lanes: vector ? values.length : undefined, values };
    });
    for (const { signal, value } of this.#wires) {
      if (value === undefined) throw invalid(`wire "${signal.name}" of module ${this.name} is never driven`);
    }
    for (const { signal, next } of this.#registers) {
      if (next === undefined)
        throw invalid(`register "${signal.name}" of module ${this.name} has no next value`);
    }
    return new Module(header, inputs, outputs, ports, {
      wires: this.#wires,
      registers: this.#registers,
      memories: this.#memories,
      instances: this.#instances,
    });
  }

  #signal(kind: Signal['kind'], name: string, width: number): Signal {
    this.claim(name);
    if (!Number.isInteger(width) || width < 1) {
      throw invalid(`"${name}" in module ${this.name} must be at least 1 bit wide, got ${width}`);
    }
    return scalar(kind, this.name, name, name, width);
  }

  #memory(
    name: string,
    width: number,
    depth: number,
    contents: readonly bigint[] | undefined,
  ): MutableMemory {
    if (!Number.isInteger(depth) || depth < 2) {
      throw invalid(`memory "${name}" in module ${this.name} needs at least 2 words, got ${depth}`);
    }
    const addressWidth = Math.ceil(Math.log2(depth));
    const memory = { name, module: this.name, width, depth, addressWidth, contents, writes: [] };
    this.#memories.push(memory);
    return memory;
  }
}

function isLocal(value: Bits, name: string): boolean {
  const { signal } = value;
  return (
    signal !== undefined && (signal.kind === 'wire' || signal.kind === 'register') && signal.name === name
  );
}

function asBits(signals: readonly Signal[], lanes: number | undefined): Bits | readonly Bits[] {
  const values = signals.map((signal) => new Bits('signal', signal.width, [], { signal }));
  return lanes === undefined ? values[0] : values;
}
