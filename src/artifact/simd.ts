import type { Cells } from './cells.ts';
import { fifo, fires, type Inventory, part, register } from './inventory.ts';
import { vectorEvents, type VectorMethod, vectorParts } from './vector.ts';

export interface SimdParts {
  /** Lanes of activations and of weights: products of a tree, and trees. */
  columns: number;
  rows: number;
  /** Of the vector array, and how it computes functions. */
  lanes: number;
  method: VectorMethod;
  /** What multiplies and adds. */
  cells: Cells;
  /** Whether the cells hold their weights themselves. */
  inCells: boolean;
}

/** A SIMD array of multipliers with an adder tree a row and a vector array (Mugi Table 2). */
export function simdInventory({
  columns: C,
  rows: N,
  lanes: V,
  method,
  cells: mac,
  inCells: fpInt,
}: SimdParts): Inventory {
  return {
    components: [
      fifo('ififo', C, 16, C),
      fifo('wfifo', N, 4, C),
      fifo('ofifo', N, 16, N),
      ...mac.components,
      register('accumulator_register', N, 16, 'pe'),
      part('adder', 'adderbf16', N, 'accumulator'),
      ...vectorParts(V, method),
    ],
    events: {
      'input load': fires({ ififo: C, ...mac['input load'] }),
      // A row of the cells takes its weights; the others keep theirs.
      'weight load': fires({
        wfifo: N,
        ...mac['weight load'],
        ...(fpInt ? {} : { weight_register: N }),
      }),
      array: fires({
        ...mac.array,
        accumulator_register: N,
        adder: N,
        ofifo: N,
      }),
      ...vectorEvents(V, method),
    },
  };
}
