import { MugiError } from '../../../errors.ts';
import type { Library } from '../../liberty/library.ts';
import { type CellFunction, flopOf, functionsOf, type Loop, type State } from '../cell-function.ts';
import { aliasRoots, type Netlist } from '../netlist.ts';

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
  const flops: (State & { gate: number; enable: number })[] = [];
  // States and next states that no net of the netlist shows have words behind those of the nets.
  let nets = netlist.nets;
  const root = aliasRoots(netlist);
  const enables = clockEnables(netlist, library, root);
  const functions = new Map<string, readonly CellFunction[]>();
  for (const [index, gate] of netlist.gates.entries()) {
    const cell = library.cells.get(gate.type);
    if (gate.type !== '$alias' && cell === undefined) {
      throw new MugiError({
        code: 'invalid-file',
        message: `the netlist uses the cell "${gate.type}", which the library lacks`,
      });
    }
    if (cell?.gate !== undefined) continue;
    let known = functions.get(gate.type);
    if (known === undefined) functions.set(gate.type, (known = functionsOf(cell)));
    let words: Readonly<Record<string, number>> = gate.pins;
    if (cell?.flop !== undefined) {
      const { state, words: all } = flopOf(gate, cell, () => nets++);
      const enable = enables.get(root[gate.pins[cell.flop.clock]]) ?? ALWAYS;
      flops.push({ gate: index, enable, ...state });
      words = all;
    }
    for (const { output, pins, loop } of known) {
      if (words[output] === undefined) continue;
      const inputs = pins.map((pin) => words[pin] ?? 0);
      operations.push({ loop, inputs, output: words[output], level: -1 });
    }
  }
  setLevels(netlist, nets, operations);
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
  return { program, runs, flops, nets };
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

/** Level of an operation: one more than the highest of those that drive its inputs. */
function setLevels(netlist: Netlist, nets: number, operations: readonly Operation[]): void {
  const driver = new Int32Array(nets).fill(-1);
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
