import { MugiError } from '../../errors.ts';
import { parseFunction, pinsOf } from '../liberty/function.ts';
import type { Arc, Cell } from '../liberty/library.ts';
import { shapeOf } from './shape.ts';

const checked = new WeakSet<Cell>();

/**
 * Refuses a cell whose output lacks the delay of an edge from an input that its function reads (of a flip-flop: from
 * the clock): timing would pass over the paths through it, and find the design faster than it is.
 */
export function requireDelays(cell: Cell): void {
  if (checked.has(cell)) return;
  const { inputs, arcs, output, clocked } = shapeOf(cell);
  if (output === undefined) return;
  if (cell.flop !== undefined) {
    requireEdges(cell, cell.flop.clock, output.name, clocked === undefined ? [] : [clocked]);
  } else {
    const read = output.function === undefined ? undefined : pinsOf(parseFunction(output.function));
    inputs.forEach(({ name }, i) => {
      if (read === undefined || read.has(name)) requireEdges(cell, name, output.name, arcs[i]);
    });
  }
  checked.add(cell);
}

function requireEdges(cell: Cell, from: string, to: string, arcs: readonly Arc[]): void {
  const rises = arcs.some(({ rise, riseSlew }) => rise !== undefined && riseSlew !== undefined);
  const falls = arcs.some(({ fall, fallSlew }) => fall !== undefined && fallSlew !== undefined);
  if (rises && falls) return;
  const missing = rises ? 'cell_fall and fall_transition' : 'cell_rise and rise_transition';
  throw new MugiError({
    code: 'invalid-file',
    message: `the library gives cell "${cell.name}" no delay from ${from} to ${to}, so its paths cannot be timed`,
    expected: `a timing group with ${missing}`,
  });
}
