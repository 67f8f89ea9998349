import type { Component, Design, Rule, Sram } from './design.ts';
import type { GemmCount } from './mapping/counts.ts';
import { part, register, sram, sramWord } from './parts.ts';

/** What systolic and SIMD arrays share: square arrays of multiply-accumulate cells, N × N (Mugi Table 2). */

export const MAC_ARRAY_GEMM: readonly Rule<GemmCount>[] = [
  { event: 'input load', energy: 'stepsColumns', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'weight load', energy: 'weightTilesRows', time: 'weightTiles', cycles: 1, resource: 'array' },
  { event: 'array', energy: 'stepsCells', time: 'arrayCycles', cycles: 1, resource: 'array' },
  { event: 'vector', energy: 'scaling', time: 'scalingSteps', cycles: 1, resource: 'vector' },
];

/** Cells and edge converters of an N × N array, and what they add to the events of a GEMM. */
export interface Cells {
  components: readonly Component[];
  'input load': Record<string, number>;
  'weight load': Record<string, number>;
  array: Record<string, number>;
}

export interface CellsOptions {
  /** Rows and columns, N. */
  size: number;
  /** BF16 adders among BF16 cells: one each (systolic), or the trees of the columns (SIMD). */
  adders: number;
  figna: boolean;
}

/** What multiplies and adds in a systolic or SIMD array, and what converts its operands. */
export const macCells = ({ size, adders, figna }: CellsOptions): Cells =>
  figna ? integerCells(size) : bf16Cells(size, adders);

/** BF16 cells, and a converter of INT4 a row. */
const bf16Cells = (n: number, adders: number): Cells => ({
  components: [...bf16Parts(n * n, adders), part('int_to_fp', 'int_to_bf16', n, 'pe')],
  'input load': { input_register: n * n },
  'weight load': { weight_register: n * n, int_to_fp: n },
  array: { multiplier: n * n, pe_register: n * n, accumulator: adders },
});

/** What BF16 cells are made of. */
export const bf16Parts = (cells: number, adders: number): Component[] => [
  register('input_register', cells, 16, 'pe'),
  register('weight_register', cells, 16, 'pe'),
  register('pe_register', cells, 16, 'pe'),
  part('multiplier', 'multiplierbf16', cells, 'pe'),
  part('accumulator', 'adderbf16', adders, 'pe'),
];

/**
 * FIGNA: integer cells (registers of activation, weight and sum included), one lane of exponent allocation and
 * alignment a row, and one conversion back a column.
 */
const integerCells = (n: number): Cells => ({
  components: [
    part('figna_cell', INTEGER_CELL, n * n, 'pe'),
    part('ch_aloc', 'ch_aloc', n, 'pe'),
    part('prealigner', 'prealigner', n, 'pe'),
    part('ch_dealoc', 'ch_dealoc', n, 'pe'),
    part('int_to_fp_figna', 'int_to_fp', n, 'pe'),
  ],
  'input load': { ch_aloc: n, prealigner: n },
  'weight load': {},
  array: { figna_cell: n * n, ch_dealoc: n, int_to_fp_figna: n },
});

/** Logic class of FIGNA's cell. */
export const INTEGER_CELL = 'figna_pe';

/** Words hold one BF16 a row; scaled-up arrays have 1 MB (Mugi Table 2). */
export const macSram = (n: number): Sram =>
  n < 32 ? sram(64, sramWord(Math.max(128, 16 * n))) : sram(1024, 1024);

export const macProvenance = (n: number): Design['provenance'] =>
  [8, 16, 32, 64].includes(n)
    ? 'published'
    : 'ours: the published rules at a size that the paper does not price';
