import { bf16Parts } from './cells.ts';
import { fifo, fires, type Inventory, part, register } from './inventory.ts';
import { vectorEvents, type VectorMethod, vectorParts } from './vector.ts';

const W = 8;
const H = 16;
const D = 16;
const PLANE = W * H;
const CELLS = PLANE * D;

/** Sides of the tensor core: tokens, outputs and products of a dot product (Mugi Table 2). */
export const TENSOR = { columns: W, rows: H, depth: D } as const;

/** The tensor core with a vector array of so many lanes. */
export const tensorInventory = (V: number, method: VectorMethod): Inventory => ({
  components: [
    fifo('ififo', W * D, 16, 8),
    fifo('wfifo', H * D, 4, 8),
    fifo('ofifo', PLANE, 16, 8),
    ...bf16Parts(CELLS, PLANE * (D - 1)),
    register('accumulator_register', PLANE, 16, 'pe'),
    part('int_to_fp', 'int_to_bf16', H * D, 'pe'),
    part('adder', 'adderbf16', PLANE, 'accumulator'),
    ...vectorParts(V, method),
  ],
  events: {
    'input load': fires({ ififo: W * D, input_register: CELLS }),
    'weight load': fires({ wfifo: H * D, weight_register: CELLS, int_to_fp: H * D }),
    array: fires({
      multiplier: CELLS,
      pe_register: CELLS,
      accumulator: PLANE * (D - 1),
      accumulator_register: PLANE,
      adder: PLANE,
      ofifo: PLANE,
    }),
    ...vectorEvents(V, method),
  },
});
