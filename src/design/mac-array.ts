import type { Repairs } from '../preset.ts';
import type { Technology } from '../technology/technology.ts';
import type { Component, Design, GemmCount, Rule, Sram } from './design.ts';
import { part, register, sram, sramWord } from './parts.ts';

/** What systolic and SIMD arrays share: square arrays of multiply-accumulate cells, N × N (Mugi Table 2). */

export const MAC_ARRAY_GEMM: readonly Rule<GemmCount>[] = [
  { event: 'input load', energy: 'stepsColumns', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'weight load', energy: 'weightTilesRows', time: 'weightTiles', cycles: 1, resource: 'array' },
  { event: 'array', energy: 'stepsCells', time: 'arrayCycles', cycles: 1, resource: 'array' },
  { event: 'vector', energy: 'scaling', time: 'scalingSteps', cycles: 1, resource: 'vector' },
];

/**
 * FIGNA's FP-INT converters as the paper prices them: added to the full BF16 datapath, one of each a cell (quirk
 * Q10). Repaired, the cell is integer (`figna_pe`) and converters stand at the array's edges only; a technology that
 * does not price that cell keeps the published one.
 */
const fignaConverters = (cells: number): Component[] => [
  part('ch_aloc', 'ch_aloc', cells, 'pe'),
  part('ch_dealoc', 'ch_dealoc', cells, 'pe'),
  part('int_to_fp_figna', 'int_to_fp', cells, 'pe'),
  part('prealigner', 'prealigner', cells, 'pe'),
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
  /** BF16 adders among the cells: one each (systolic), or the trees of the columns (SIMD). */
  adders: number;
  figna: boolean;
}

/**
 * What multiplies and adds in a systolic or SIMD array. Plain: BF16 cells, and a converter of INT4 a row. FIGNA after
 * the paper: converters in every cell beside them.
 */
export function macCells({ size: n, adders, figna }: CellsOptions, share: number, repairs: Repairs): Cells {
  const cells = n * n;
  if (figna && repairs['figna-integer']) return integerCells(n, share);
  // Quirk Q9: one row of converters fires instead of all.
  const converters = repairs['lane-counts'] ? cells : n;
  return {
    components: [
      register('input_register', cells, 16, 'pe'),
      register('weight_register', cells, 16, 'pe'),
      register('pe_register', cells, 16, 'pe'),
      part('multiplier', 'multiplierbf16', cells, 'pe'),
      part('accumulator', 'adderbf16', adders, 'pe'),
      ...(figna ? fignaConverters(cells) : [part('int_to_fp', 'int_to_bf16', n, 'pe')]),
    ],
    'input load': { input_register: cells },
    'weight load': { weight_register: cells, ...(figna ? {} : { int_to_fp: n }) },
    array: {
      multiplier: cells,
      pe_register: cells,
      accumulator: adders,
      ...(figna
        ? { ch_aloc: converters, ch_dealoc: converters, int_to_fp_figna: converters, prealigner: converters }
        : {}),
    },
  };
}

/**
 * Integer cells (registers of activation, weight and sum included), one lane of exponent allocation and alignment a
 * row, and one conversion back a column. `share`: how often an output is counted in a mesh (quirk Q7).
 */
const integerCells = (n: number, share: number): Cells => ({
  components: [
    part('figna_cell', 'figna_pe', n * n, 'pe'),
    part('ch_aloc', 'ch_aloc', n, 'pe'),
    part('prealigner', 'prealigner', n, 'pe'),
    part('ch_dealoc', 'ch_dealoc', n, 'pe'),
    part('int_to_fp_figna', 'int_to_fp', n, 'pe'),
  ],
  'input load': { ch_aloc: n, prealigner: n },
  'weight load': {},
  array: { figna_cell: n * n, ch_dealoc: n / share, int_to_fp_figna: n / share },
});

/** Words hold one BF16 a row; scaled-up arrays have 512 KiB as modelled, 1 MB as Table 2 says (quirk Q17). */
export function macSram(n: number, repairs: Repairs): Sram {
  if (n < 32) return sram(64, sramWord(Math.max(128, 16 * n)));
  return sram(repairs['sram-size'] ? 1024 : 512, 1024);
}

export const macProvenance = (n: number): Design['provenance'] =>
  [8, 16, 32, 64].includes(n)
    ? 'published'
    : 'ours: the published rules at a size that the paper does not price';

/** The repairs that a technology has costs for: an integer FIGNA cell needs a price. */
export const affordable = (repairs: Repairs, technology: Technology): Repairs =>
  Object.hasOwn(technology.logic, 'figna_pe') ? repairs : { ...repairs, 'figna-integer': false };
