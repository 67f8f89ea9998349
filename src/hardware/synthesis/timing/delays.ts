import { MugiError } from '../../../errors.ts';
import { pinsOf } from '../../liberty/function.ts';
import type { Arc, Cell } from '../../liberty/library.ts';
import { type ShapeOutput, shapeOf } from '../shape.ts';

const checked = new WeakMap<Cell, Set<ShapeOutput>>();

/**
 * Refuses an output that lacks the delay of an edge from an input that its function reads (of a flip-flop: from the
 * clock): timing would pass over the paths through it, and find the design faster than it is.
 */
export function requireDelays(cell: Cell, output: ShapeOutput): void {
  let known = checked.get(cell);
  if (known === undefined) checked.set(cell, (known = new Set()));
  if (known.has(output)) return;
  if (cell.flop !== undefined) requireEdges(cell, cell.flop.clock, output.pin.name, output.clocked);
  else {
    const read = output.pin.function && pinsOf(output.pin.function);
    shapeOf(cell).inputs.forEach(({ name }, i) => {
      if (read === undefined || read.has(name)) requireEdges(cell, name, output.pin.name, output.arcs[i]);
    });
  }
  known.add(output);
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
