import { pinsOf } from '../liberty/function.ts';
import { type Arc, type Cell, clockOf, type Pin, type Setup } from '../liberty/library.ts';

/** An output as timing sees it. */
export interface ShapeOutput {
  readonly pin: Pin;
  /** Arcs from each input, in the order of the shape's inputs. */
  readonly arcs: readonly (readonly Arc[])[];
  /** Arcs from the clock, of a flip-flop. */
  readonly clocked: readonly Arc[];
}

/** A library cell as timing sees it: inputs without the clock, outputs, and which inputs are endpoints. */
export interface Shape {
  readonly inputs: readonly Pin[];
  readonly outputs: readonly ShapeOutput[];
  /** Inputs that a clock edge takes, by index, with how long before it they must be still. */
  readonly captured: readonly { readonly input: number; readonly setups: readonly Setup[] }[];
}

const shapes = new WeakMap<Cell, Shape>();

export function shapeOf(cell: Cell): Shape {
  const known = shapes.get(cell);
  if (known !== undefined) return known;
  const { flop, gate } = cell;
  const clock = clockOf(cell);
  const inputs = cell.pins.filter(({ name, direction }) => direction === 'input' && name !== clock);
  const outputs = cell.pins
    // The clock is ideal: that of a clock gate is no signal.
    .filter(({ direction }) => direction === 'output' && gate === undefined)
    .map((pin) => {
      const to = cell.arcs.filter((arc) => arc.to === pin.name);
      return {
        pin,
        arcs: inputs.map(({ name }) => to.filter(({ from, clocked }) => from === name && !clocked)),
        clocked: flop === undefined ? [] : to.filter(({ clocked }) => clocked),
      };
    });
  const next = gate !== undefined ? new Set([gate.enable]) : flop && pinsOf(flop.next);
  const captured = inputs.flatMap(({ name }, input) => {
    const setups = isEndpoint(cell) ? cell.setups.filter(({ pin }) => pin === name) : [];
    return next?.has(name) === true || setups.length > 0 ? [{ input, setups }] : [];
  });
  const shape: Shape = { inputs, outputs, captured };
  shapes.set(cell, shape);
  return shape;
}

/** Whether paths end in a cell: a flip-flop or a clock gate. */
export const isEndpoint = ({ flop, gate }: Cell): boolean => flop !== undefined || gate !== undefined;
