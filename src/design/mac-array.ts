import type { Sides } from '../machine/sides.ts';
import { bf16Cells, type Cells } from '../artifact/cells.ts';
import { part } from '../artifact/inventory.ts';
import type { Design, Rule, Sram } from './design.ts';
import { FIGNA_CELL } from '../machine/array/cell.ts';
import type { GemmCount } from './mapping/counts.ts';
import { sram, sramWord } from './parts.ts';

export type { Sides };

/** What systolic and SIMD arrays share: multiply-accumulate cells side by side, N × N in the paper (Mugi Table 2). */

export const MAC_ARRAY_GEMM: readonly Rule<GemmCount>[] = [
  { event: 'input load', energy: 'stepsColumns', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'weight load', energy: 'weightTilesRows', time: 'weightTiles', cycles: 1, resource: 'array' },
  { event: 'array', energy: 'stepsCells', time: 'arrayCycles', cycles: 1, resource: 'array' },
  { event: 'vector', energy: 'scaling', time: 'scalingSteps', cycles: 1, resource: 'vector' },
];

export interface CellsOptions extends Sides {
  /** BF16 adders among BF16 cells: one each (systolic), or the trees of the columns (SIMD). */
  adders: number;
  figna: boolean;
}

/** What multiplies and adds in a systolic or SIMD array, and what converts its operands. */
export const macCells = ({ columns, rows, adders, figna }: CellsOptions): Cells =>
  figna ? integerCells(columns, rows) : bf16Cells(columns, rows, adders);

/**
 * FIGNA: integer cells (registers of activation, weight and sum included), exponent allocation and alignment a lane of
 * activations, and a conversion back a lane of results.
 */
const integerCells = (columns: number, rows: number): Cells => ({
  components: [
    part('figna_cell', INTEGER_CELL, columns * rows, 'pe'),
    part('ch_aloc', 'ch_aloc', columns, 'pe'),
    part('prealigner', 'prealigner', columns, 'pe'),
    part('ch_dealoc', 'ch_dealoc', rows, 'pe'),
    part('int_to_fp_figna', 'int_to_fp', rows, 'pe'),
  ],
  'input load': { ch_aloc: columns, prealigner: columns },
  'weight load': {},
  array: { figna_cell: columns * rows, ch_dealoc: rows, int_to_fp_figna: rows },
});

/** Cycles in which an integer sum becomes BF16 again. */
export const RESTORE = FIGNA_CELL.leaving;

/** Logic class of FIGNA's cell. */
export const INTEGER_CELL = 'figna_pe';

/** The widest word that CACTI is asked for; wider rows of results take several. */
const WIDEST_WORD = 1024;
/** Cells from which an array counts as scaled up (Mugi Table 2: 32 × 32). */
const SCALED_UP = 1024;

/**
 * Memory beside `lanes` lanes of an array of `cells` cells: words hold one BF16 a lane; scaled-up arrays have 1 MB
 * (Mugi Table 2).
 */
const macSram = (lanes: number, cells: number): Sram =>
  cells < SCALED_UP ? sram(64, Math.min(WIDEST_WORD, sramWord(Math.max(128, 16 * lanes)))) : sram(1024, 1024);

export const macSrams = ({ columns, rows }: Sides): Design['sram'] => {
  const cells = columns * rows;
  const results = macSram(rows, cells);
  return { input: macSram(columns, cells), weight: results, output: results };
};

export const macProvenance = ({ columns, rows }: Sides): Design['provenance'] => {
  if (columns !== rows) return 'ours: the published components in a rectangle that the paper does not price';
  return [8, 16, 32, 64].includes(rows)
    ? 'published'
    : 'ours: the published rules at a size that the paper does not price';
};
