import { MugiError } from '../../errors.ts';
import { functionSource, parseFunction } from '../liberty/function.ts';
import type { Cell, Library } from '../liberty/library.ts';
import { aliasRoots, type Gate, type Netlist } from './netlist.ts';

/** Evaluates operations `from` to `to` of a program, all of one cell function: output net, then input nets. */
type Loop = (nets: Int32Array, program: Int32Array, from: number, to: number) => void;

export interface Run {
  readonly loop: Loop;
  readonly from: number;
  readonly to: number;
}

/** In place of the net of an enable: the flip-flop is clocked in every cycle. */
export const ALWAYS = -1;

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
export function schedule(netlist: Netlist, library: Library) {
  const operations: Operation[] = [];
  const flops: { gate: number; data: number; output: number; enable: number }[] = [];
  const root = aliasRoots(netlist);
  const enables = clockEnables(netlist, library, root);
  const functions = new Map<string, ReturnType<typeof functionsOf>>();
  for (const [index, gate] of netlist.gates.entries()) {
    const cell = library.cells.get(gate.type);
    if (gate.type !== '$alias' && cell === undefined) {
      throw new MugiError({
        code: 'invalid-file',
        message: `the netlist uses the cell "${gate.type}", which the library lacks`,
      });
    }
    if (cell?.flop !== undefined) {
      const enable = enables.get(root[gate.pins[cell.flop.clock]]) ?? ALWAYS;
      flops.push({ gate: index, enable, ...flopOf(gate, cell) });
      continue;
    }
    if (cell?.gate !== undefined) continue;
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

/** The enable of each clock that leaves a clock gate, by net. */
function clockEnables(netlist: Netlist, library: Library, root: Int32Array): Map<number, number> {
  const enables = new Map<number, number>();
  const clocks = new Set<number>();
  for (const { type, pins } of netlist.gates) {
    const gate = library.cells.get(type)?.gate;
    if (gate === undefined || pins[gate.output] === undefined) continue;
    enables.set(root[pins[gate.output]], pins[gate.enable] ?? 0);
    clocks.add(root[pins[gate.clock]]);
  }
  for (const clock of clocks) {
    if (!enables.has(clock)) continue;
    throw new MugiError({
      code: 'unsupported',
      message: `a clock gate is behind another one, at net ${netlist.netName(clock)}`,
    });
  }
  return enables;
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
