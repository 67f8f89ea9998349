import type { Repairs } from '../preset.ts';
import type { Activation, Component, Design, GemmCount, Rule, Sram } from './design.ts';
import { fires, part, sram, sramWord } from './parts.ts';

/** What systolic and SIMD arrays share: square arrays of multiply-accumulate cells, N × N (Mugi Table 2). */

export const MAC_ARRAY_GEMM: readonly Rule<GemmCount>[] = [
  { event: 'input load', energy: 'stepsColumns', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'weight load', energy: 'weightTilesRows', time: 'weightTiles', cycles: 1, resource: 'array' },
  { event: 'array', energy: 'stepsCells', time: 'arrayCycles', cycles: 1, resource: 'array' },
  { event: 'vector', energy: 'scaling', time: 'scalingSteps', cycles: 1, resource: 'vector' },
];

/**
 * FIGNA's FP-INT converters as the paper prices them: added to the full BF16 datapath (quirk Q10). An integer
 * datapath needs costs from synthesis; until a technology has them, `corrected` keeps the published one.
 */
export const figna = (cells: number): Component[] => [
  part('ch_aloc', 'ch_aloc', cells, 'pe'),
  part('ch_dealoc', 'ch_dealoc', cells, 'pe'),
  part('int_to_fp_figna', 'int_to_fp', cells, 'pe'),
  part('prealigner', 'prealigner', cells, 'pe'),
];

/** Quirk Q9: one row of converters fires instead of all. */
export function fignaFires(n: number, repairs: Repairs): Activation[] {
  const count = repairs['lane-counts'] ? n * n : n;
  return fires({ ch_aloc: count, ch_dealoc: count, int_to_fp_figna: count, prealigner: count });
}

/** Words hold one BF16 a row; scaled-up arrays have 512 KiB as modelled, 1 MB as Table 2 says (quirk Q17). */
export function macSram(n: number, repairs: Repairs): Sram {
  if (n < 32) return sram(64, sramWord(Math.max(128, 16 * n)));
  return sram(repairs['sram-size'] ? 1024 : 512, 1024);
}

export const macProvenance = (n: number): Design['provenance'] =>
  [8, 16, 32, 64].includes(n)
    ? 'published'
    : 'ours: the published rules at a size that the paper does not price';
