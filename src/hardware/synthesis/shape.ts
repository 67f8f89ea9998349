import type { Arc, Cell, Pin } from '../liberty/library.ts';

/** A library cell as timing sees it: input pins in order with the arcs from each, and one output. */
export interface Shape {
  readonly inputs: readonly Pin[];
  readonly arcs: readonly (readonly Arc[])[];
  readonly output: Pin | undefined;
  /** Clock-to-output arc, and the index of the data pin, of a flip-flop. */
  readonly clocked: Arc | undefined;
  readonly data: number;
}

const shapes = new WeakMap<Cell, Shape>();

/** The shape of a cell; `output` is the one that an instance uses when the cell has several. */
export function shapeOf(cell: Cell): Shape {
  const known = shapes.get(cell);
  if (known !== undefined) return known;
  const clock = cell.flop?.clock;
  const inputs = cell.pins.filter(({ name, direction }) => direction === 'input' && name !== clock);
  const output = cell.pins.find(
    ({ direction, function: fn }) =>
      direction === 'output' && (cell.flop === undefined || fn === cell.flop.state),
  );
  const shape: Shape = {
    inputs,
    output,
    arcs: inputs.map(({ name }) =>
      cell.arcs.filter((arc) => arc.from === name && arc.to === output?.name && !arc.clocked),
    ),
    clocked: cell.arcs.find((arc) => arc.clocked && arc.to === output?.name),
    data: cell.flop === undefined ? -1 : inputs.findIndex(({ name }) => name === cell.flop!.next),
  };
  shapes.set(cell, shape);
  return shape;
}
