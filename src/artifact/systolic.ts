import { type Cells } from './cells.ts';
import { type Component, fifo, fires, type Inventory, part } from './inventory.ts';
import { vectorEvents, type VectorMethod, vectorParts } from './vector.ts';

/** Control of a cell, for inputs and for weights: a counter, a comparator and an adder each. */
export const CONTROLS = {
  icnt: 'counter',
  icmp: 'comparator',
  iadd: 'adder',
  wcnt: 'counter',
  wcmp: 'comparator',
  wadd: 'adder',
} as const;

export interface SystolicParts {
  /** Lanes of activations and of weights. */
  columns: number;
  rows: number;
  /** Of the vector array, and how it computes functions. */
  lanes: number;
  method: VectorMethod;
  /** What multiplies and adds. */
  cells: Cells;
  /** A second weight register of the cells (ours). */
  second?: Component;
}

/** A systolic array of multiply-accumulate cells with a vector array (Mugi Table 2). */
export function systolicInventory({
  columns: C,
  rows: R,
  lanes: V,
  method,
  cells: mac,
  second,
}: SystolicParts): Inventory {
  const cells = C * R;
  const control = Math.ceil(Math.log2(Math.max(C, R))) - 1;
  const controls = Object.entries(CONTROLS).map(([name, kind]) =>
    part(name, kind, cells, 'pe', { width: control }),
  );
  return {
    components: [
      fifo('ififo', C, 16, C),
      fifo('wfifo', R, 4, R),
      fifo('ofifo', R, 16, R),
      ...mac.components,
      ...controls,
      ...(second === undefined ? [] : [second]),
      part('adder', 'adderbf16', R, 'accumulator'),
      ...vectorParts(V, method, 2 * V),
    ],
    events: {
      'input load': fires({ ififo: C, ...mac['input load'] }),
      'weight load': fires({
        wfifo: R,
        ...mac['weight load'],
        ...(second === undefined ? {} : { [second.name]: second.count }),
      }),
      array: fires({
        ...mac.array,
        adder: R,
        ofifo: R,
        ...Object.fromEntries(controls.map(({ name }) => [name, cells])),
      }),
      ...vectorEvents(V, method),
    },
  };
}
