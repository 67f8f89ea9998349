import { type Component, part, register } from './inventory.ts';

/** Cells and edge converters of an array, and what they add to the events of a GEMM. */
export interface Cells {
  components: readonly Component[];
  'input load': Record<string, number>;
  'weight load': Record<string, number>;
  array: Record<string, number>;
}

/** BF16 cells, and a converter of INT4 a lane of weights. */
export function bf16Cells(columns: number, rows: number, adders: number): Cells {
  const cells = columns * rows;
  return {
    components: [...bf16Parts(cells, adders), part('int_to_fp', 'int_to_bf16', rows, 'pe')],
    'input load': { input_register: cells },
    'weight load': { weight_register: cells, int_to_fp: rows },
    array: { multiplier: cells, pe_register: cells, accumulator: adders },
  };
}

/** What BF16 cells are made of. */
export const bf16Parts = (cells: number, adders: number): Component[] => [
  register('input_register', cells, 16, 'pe'),
  register('weight_register', cells, 16, 'pe'),
  register('pe_register', cells, 16, 'pe'),
  part('multiplier', 'multiplierbf16', cells, 'pe'),
  part('accumulator', 'adderbf16', adders, 'pe'),
];
