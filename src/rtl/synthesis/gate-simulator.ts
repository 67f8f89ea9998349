import { MugiError } from '../../errors.ts';
import { functionSource, parseFunction } from '../liberty/function.ts';
import type { Library } from '../liberty/library.ts';
import type { Gate, Netlist } from './netlist.ts';

type Step = (s: Int32Array) => void;

const STATEMENTS_PER_FUNCTION = 250;

/**
 * Simulates a mapped netlist, 32 independent stimuli at once: bit i of each net's word belongs to lane i. Zero
 * delay, two values, flip-flops start at zero. Counts toggles, which the energy estimate needs.
 */
export class GateSimulator {
  readonly netlist: Netlist;
  /** Toggles of each net since the last `clearToggles`, over all lanes. */
  readonly toggles: Float64Array;
  cycles = 0;
  readonly #nets: Int32Array;
  readonly #before: Int32Array;
  readonly #settle: Step[];
  readonly #flopData: Int32Array;
  readonly #flopOutput: Int32Array;
  readonly #next: Int32Array;

  constructor(netlist: Netlist, library: Library) {
    this.netlist = netlist;
    this.#nets = new Int32Array(netlist.nets);
    this.#nets[1] = -1;
    this.#before = this.#nets.slice();
    this.toggles = new Float64Array(netlist.nets);
    const { order, flops } = levelise(netlist, library);
    const lines = order.flatMap((gate) => gateSource(gate, library));
    this.#settle = Array.from({ length: Math.ceil(lines.length / STATEMENTS_PER_FUNCTION) }, (_, i) => {
      const part = lines.slice(i * STATEMENTS_PER_FUNCTION, (i + 1) * STATEMENTS_PER_FUNCTION);
      return new Function('s', `"use strict";${part.join('\n')}`) as Step;
    });
    this.#flopData = Int32Array.from(flops, ({ data }) => data);
    this.#flopOutput = Int32Array.from(flops, ({ output }) => output);
    this.#next = new Int32Array(flops.length);
  }

  /** Sets an input, one value per lane (missing lanes: zero); numbers up to 32 bits or bigints. */
  poke(port: string, values: readonly (number | bigint)[]): void {
    const nets = this.#port(this.netlist.inputs, port);
    nets.forEach((net, bit) => {
      let word = 0;
      for (let lane = 0; lane < values.length; lane++) {
        const value = values[lane];
        const set =
          typeof value === 'number' && bit < 32
            ? (value >>> bit) & 1
            : Number((BigInt(value) >> BigInt(bit)) & 1n);
        word |= set << lane;
      }
      this.#nets[net] = word;
    });
  }

  /** The value of an output in one lane. Call `settle` or `step` after poking. */
  peek(port: string, lane = 0): bigint {
    const nets = this.#port(this.netlist.outputs, port);
    return nets.reduce(
      (value, net, bit) => value | (BigInt((this.#nets[net] >>> lane) & 1) << BigInt(bit)),
      0n,
    );
  }

  settle(): void {
    for (const step of this.#settle) step(this.#nets);
  }

  /** One clock edge of all lanes, counting the toggles of the cycle that it ends. */
  step(): void {
    this.settle();
    const nets = this.#nets;
    const before = this.#before;
    for (let i = 2; i < nets.length; i++) {
      let changed = nets[i] ^ before[i];
      if (changed === 0) continue;
      before[i] = nets[i];
      changed -= (changed >>> 1) & 0x55555555;
      changed = (changed & 0x33333333) + ((changed >>> 2) & 0x33333333);
      this.toggles[i] += Math.imul((changed + (changed >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    for (let i = 0; i < this.#next.length; i++) this.#next[i] = nets[this.#flopData[i]];
    for (let i = 0; i < this.#next.length; i++) nets[this.#flopOutput[i]] = this.#next[i];
    this.cycles++;
  }

  clearToggles(): void {
    this.toggles.fill(0);
    this.cycles = 0;
  }

  #port(ports: ReadonlyMap<string, readonly number[]>, name: string): readonly number[] {
    const nets = ports.get(name);
    if (nets !== undefined) return nets;
    throw new MugiError({
      code: 'unknown-name',
      message: `the netlist has no such port "${name}"`,
      received: name,
    });
  }
}

function gateSource(gate: Gate, library: Library): string[] {
  if (gate.type === '$alias') return [`s[${gate.pins.Z}]=s[${gate.pins.A}];`];
  const cell = library.cells.get(gate.type)!;
  return cell.pins
    .filter(({ name, direction }) => direction === 'output' && gate.pins[name] !== undefined)
    .map(({ name, function: fn }) => {
      const source = functionSource(parseFunction(fn ?? '0'), (pin) => `s[${gate.pins[pin] ?? 0}]`);
      return `s[${gate.pins[name]}]=${source};`;
    });
}

/** Combinational gates in an order in which inputs come first, and the flip-flops. */
export function levelise(
  netlist: Netlist,
  library: Library,
): { order: Gate[]; flops: { gate: Gate; data: number; output: number }[] } {
  const driver = new Map<number, Gate>();
  const flops: { gate: Gate; data: number; output: number }[] = [];
  const combinational: Gate[] = [];
  for (const gate of netlist.gates) {
    const cell = library.cells.get(gate.type);
    if (gate.type !== '$alias' && cell === undefined) {
      throw new MugiError({
        code: 'invalid-file',
        message: `the netlist uses the cell "${gate.type}", which the library lacks`,
      });
    }
    if (cell?.flop !== undefined) {
      const next = parseFunction(cell.flop.next);
      const output = cell.pins.find(
        ({ direction, function: fn }) => direction === 'output' && fn === cell.flop!.state,
      );
      if (next.op !== 'pin' || output === undefined || gate.pins[output.name] === undefined) {
        throw new MugiError({
          code: 'unsupported',
          message: `flip-flop cell "${gate.type}" must copy one data pin to its output`,
        });
      }
      flops.push({ gate, data: gate.pins[next.name], output: gate.pins[output.name] });
      continue;
    }
    combinational.push(gate);
    for (const net of outputsOf(gate, library)) driver.set(net, gate);
  }
  const order: Gate[] = [];
  const state = new Map<Gate, 'open' | 'done'>();
  for (const root of combinational) {
    const stack = [root];
    while (stack.length > 0) {
      const gate = stack.at(-1)!;
      if (state.get(gate) === 'done') {
        stack.pop();
        continue;
      }
      if (state.get(gate) === 'open') {
        state.set(gate, 'done');
        order.push(gate);
        stack.pop();
        continue;
      }
      state.set(gate, 'open');
      const outputs = outputsOf(gate, library);
      for (const net of Object.values(gate.pins)) {
        if (outputs.includes(net)) continue;
        const before = driver.get(net);
        if (before === undefined || state.get(before) === 'done') continue;
        if (state.get(before) === 'open') {
          throw new MugiError({
            code: 'invalid-value',
            message: `combinational loop through net ${netlist.netName(net)}`,
          });
        }
        stack.push(before);
      }
    }
  }
  return { order, flops };
}

export function outputsOf(gate: Gate, library: Library): number[] {
  if (gate.type === '$alias') return [gate.pins.Z];
  return library.cells
    .get(gate.type)!
    .pins.filter(({ direction, name }) => direction === 'output' && gate.pins[name] !== undefined)
    .map(({ name }) => gate.pins[name]);
}
