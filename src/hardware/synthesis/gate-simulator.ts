import { MugiError } from '../../errors.ts';
import { functionSource, parseFunction } from '../liberty/function.ts';
import type { Cell, Library } from '../liberty/library.ts';
import type { Gate, Netlist } from './netlist.ts';

/** Evaluates operations `from` to `to` of a program, all of one cell function: output net, then input nets. */
type Loop = (nets: Int32Array, program: Int32Array, from: number, to: number) => void;

interface Run {
  readonly loop: Loop;
  readonly from: number;
  readonly to: number;
}

/** Most stimuli that a simulator takes side by side: the bits of a word. */
const MAX_LANES = 32;

/**
 * Simulates a mapped netlist under up to 32 independent stimuli at once: bit i of each net's word belongs to lane i.
 * Zero delay, two values, flip-flops start at zero. Counts toggles, which the energy estimate needs, in the lanes
 * that are driven and in no other: a counter runs in a lane without stimulus too.
 */
export class GateSimulator {
  readonly netlist: Netlist;
  /** Stimuli side by side; every `poke` gives each a value. */
  readonly lanes: number;
  /** Toggles of each net since the last `clearToggles`, over all lanes. */
  readonly toggles: Float64Array;
  cycles = 0;
  /** A bit for each lane that is driven. */
  readonly #driven: number;
  readonly #nets: Int32Array;
  readonly #before: Int32Array;
  readonly #program: Int32Array;
  readonly #runs: readonly Run[];
  readonly #flopData: Int32Array;
  readonly #flopOutput: Int32Array;
  readonly #next: Int32Array;

  /** @throws MugiError where `lanes` is no whole number from 1 to 32. */
  constructor(netlist: Netlist, library: Library, { lanes = 1 }: { lanes?: number } = {}) {
    if (!Number.isInteger(lanes) || lanes < 1 || lanes > MAX_LANES) {
      throw new MugiError({
        code: 'invalid-value',
        message: 'a simulator takes some whole number of stimuli side by side',
        path: 'lanes',
        expected: `1 to ${MAX_LANES}`,
        received: String(lanes),
      });
    }
    this.netlist = netlist;
    this.lanes = lanes;
    this.#driven = lanes === MAX_LANES ? -1 : (1 << lanes) - 1;
    this.#nets = new Int32Array(netlist.nets);
    this.#nets[1] = -1;
    this.#before = this.#nets.slice();
    this.toggles = new Float64Array(netlist.nets);
    const { program, runs, flops } = schedule(netlist, library);
    this.#program = program;
    this.#runs = runs;
    this.#flopData = Int32Array.from(flops, ({ data }) => data);
    this.#flopOutput = Int32Array.from(flops, ({ output }) => output);
    this.#next = new Int32Array(flops.length);
  }

  /** Sets an input, one value per lane; numbers up to 32 bits or bigints. */
  poke(port: string, values: readonly (number | bigint)[]): void {
    const nets = this.#port(this.netlist.inputs, port);
    if (values.length !== this.lanes) {
      throw new MugiError({
        code: 'invalid-value',
        message: `every lane must be driven`,
        path: port,
        expected: `${this.lanes} values`,
        received: `${values.length} values`,
      });
    }
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
    const nets = this.#nets;
    const program = this.#program;
    for (const { loop, from, to } of this.#runs) loop(nets, program, from, to);
  }

  /** One clock edge of all lanes, counting the toggles of the cycle that it ends. */
  step(): void {
    this.settle();
    const nets = this.#nets;
    const before = this.#before;
    const driven = this.#driven;
    for (let i = 2; i < nets.length; i++) {
      let changed = (nets[i] ^ before[i]) & driven;
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

/** One output of a gate: what computes it, and its nets. */
interface Operation {
  readonly loop: Loop;
  readonly inputs: readonly number[];
  readonly output: number;
  level: number;
}

/**
 * The combinational gates as a program: operations sorted by level, so that inputs come first, and within a level by
 * cell function, so that each function is one tight loop however large the netlist is.
 */
function schedule(netlist: Netlist, library: Library) {
  const operations: Operation[] = [];
  const flops: { data: number; output: number }[] = [];
  const functions = new Map<string, ReturnType<typeof functionsOf>>();
  for (const gate of netlist.gates) {
    const cell = library.cells.get(gate.type);
    if (gate.type !== '$alias' && cell === undefined) {
      throw new MugiError({
        code: 'invalid-file',
        message: `the netlist uses the cell "${gate.type}", which the library lacks`,
      });
    }
    if (cell?.flop !== undefined) {
      flops.push(flopOf(gate, cell));
      continue;
    }
    let known = functions.get(gate.type);
    if (known === undefined) functions.set(gate.type, (known = functionsOf(cell)));
    for (const { output, pins, loop } of known) {
      if (gate.pins[output] === undefined) continue;
      const inputs = pins.map((pin) => gate.pins[pin] ?? 0);
      operations.push({ loop, inputs, output: gate.pins[output], level: -1 });
    }
  }
  setLevels(netlist, operations);
  const loops = [...functions.values()].flat().map(({ loop }) => loop);
  const rank = new Map(loops.map((loop, i) => [loop, i]));
  operations.sort((a, b) => a.level - b.level || rank.get(a.loop)! - rank.get(b.loop)!);
  const program = new Int32Array(operations.reduce((sum, { inputs }) => sum + inputs.length + 1, 0));
  const runs: { loop: Loop; from: number; to: number; level: number }[] = [];
  let at = 0;
  for (const { loop, inputs, output, level } of operations) {
    const last = runs.at(-1);
    program[at] = output;
    program.set(inputs, at + 1);
    at += inputs.length + 1;
    if (last?.loop === loop && last.level === level) last.to = at;
    else runs.push({ loop, from: at - inputs.length - 1, to: at, level });
  }
  return { program, runs, flops };
}

/** The outputs of a cell, each with the pins that its function reads and a loop that evaluates it. */
function functionsOf(cell: Cell | undefined): { output: string; pins: readonly string[]; loop: Loop }[] {
  const outputs =
    cell === undefined
      ? [{ name: 'Z', function: 'A' }]
      : cell.pins.filter(({ direction }) => direction === 'output');
  return outputs.map(({ name, function: fn }) => {
    const pins: string[] = [];
    const source = functionSource(parseFunction(fn ?? '0'), (pin) => {
      if (!pins.includes(pin)) pins.push(pin);
      return `s[p[i+${pins.indexOf(pin) + 1}]]`;
    });
    const body = `"use strict";for(let i=from;i<to;i+=${pins.length + 1})s[p[i]]=${source};`;
    return { output: name, pins, loop: new Function('s', 'p', 'from', 'to', body) as Loop };
  });
}

function flopOf(gate: Gate, cell: Cell): { data: number; output: number } {
  const next = parseFunction(cell.flop!.next);
  const output = cell.pins.find(
    ({ direction, function: fn }) => direction === 'output' && fn === cell.flop!.state,
  );
  if (next.op !== 'pin' || output === undefined || gate.pins[output.name] === undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: `flip-flop cell "${gate.type}" must copy one data pin to its output`,
    });
  }
  return { data: gate.pins[next.name], output: gate.pins[output.name] };
}

/** Level of an operation: one more than the highest of those that drive its inputs. */
function setLevels(netlist: Netlist, operations: readonly Operation[]): void {
  const driver = new Int32Array(netlist.nets).fill(-1);
  operations.forEach(({ output }, i) => {
    driver[output] = i;
  });
  const open = new Uint8Array(operations.length);
  for (let root = 0; root < operations.length; root++) {
    const stack = [root];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const operation = operations[top];
      let level = 0;
      let waits = false;
      if (operation.level < 0) {
        for (const net of operation.inputs) {
          const before = driver[net];
          if (before < 0) continue;
          if (operations[before].level >= 0) level = Math.max(level, operations[before].level + 1);
          else if (open[before] === 1) {
            throw new MugiError({
              code: 'invalid-value',
              message: `combinational loop through net ${netlist.netName(net)}`,
            });
          } else {
            stack.push(before);
            waits = true;
          }
        }
      }
      if (waits) {
        open[top] = 1;
        continue;
      }
      if (operation.level < 0) operation.level = level;
      open[top] = 0;
      stack.pop();
    }
  }
}
