import type { Arc, Cell, Pin } from '../liberty/library.ts';
import { CLOCK_GATING } from './policy.ts';

/** A library cell as timing sees it: input pins in order with the arcs from each, and one output. */
export interface Shape {
  readonly inputs: readonly Pin[];
  readonly arcs: readonly (readonly Arc[])[];
  readonly output: Pin | undefined;
  /** Clock-to-output arc of a flip-flop, and the index of the data pin, of a clock gate that of the enable. */
  readonly clocked: Arc | undefined;
  readonly data: number;
}

const shapes = new WeakMap<Cell, Shape>();

/** The shape of a cell; `output` is the one that an instance uses when the cell has several. */
export function shapeOf(cell: Cell): Shape {
  const known = shapes.get(cell);
  if (known !== undefined) return known;
  const clock = cell.flop?.clock ?? cell.gate?.clock;
  const inputs = cell.pins.filter(({ name, direction }) => direction === 'input' && name !== clock);
  // The clock is ideal: that of a clock gate is no signal.
  const output = cell.pins.find(
    ({ direction, function: fn }) =>
      cell.gate === undefined &&
      direction === 'output' &&
      (cell.flop === undefined || fn === cell.flop.state),
  );
  const shape: Shape = {
    inputs,
    output,
    arcs: inputs.map(({ name }) =>
      cell.arcs.filter((arc) => arc.from === name && arc.to === output?.name && !arc.clocked),
    ),
    clocked: cell.arcs.find((arc) => arc.clocked && arc.to === output?.name),
    data: inputs.findIndex(({ name }) => name === (cell.gate?.enable ?? cell.flop?.next)),
  };
  shapes.set(cell, shape);
  return shape;
}

/** Time before the clock edge at which a path into a cell must end, ns. */
export const setupOf = ({ setup, gate }: Cell): number =>
  setup + (gate === undefined ? 0 : CLOCK_GATING.lead);

/** Whether paths end in a cell: a flip-flop or a clock gate. */
export const isEndpoint = ({ flop, gate }: Cell): boolean => flop !== undefined || gate !== undefined;
