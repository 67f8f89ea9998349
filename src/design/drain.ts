import type { Design } from './design.ts';

/** Bits of a result that leaves an array. */
const RESULT_BITS = 16;

/**
 * Cycles that finished sums keep an array which holds them in place. Each such design has one place for the sum of a cell
 * (the ring of Mugi's rows, Carat's output queue, the register of a systolic cell), which every step of a product
 * uses: so a tile leaves before the next one begins, as many results a cycle as the output SRAM takes in a word and as
 * there are lanes to scale them. For Mugi this is what the simulated node takes (DRAIN_FRAMES). A second place for sums
 * would hide it, and no inventory has one.
 */
export const drainCycles = (array: {
  columns: number;
  rows: number;
  /** Results that are scaled in a cycle. */
  lanes: number;
  /** Of the output SRAM. */
  wordBits: number;
}): number => Math.ceil((array.columns * array.rows) / Math.min(array.lanes, array.wordBits / RESULT_BITS));

/** The same of a whole design. */
export function drainOf({ array: { columns, rows }, scaling, sram }: Design): number {
  const { wordBits } = sram.output;
  const lanes = scaling.kind === 'rows' ? rows : scaling.kind === 'plane' ? columns * rows : scaling.lanes;
  return drainCycles({ columns, rows, lanes, wordBits });
}

/** A design whose output SRAM has changed drains through the new one, where it drains at all. */
export function redrained(design: Design): Design {
  const { array } = design;
  const { pipeline } = array;
  if (!('perTile' in pipeline) || pipeline.perTile === undefined) return design;
  return { ...design, array: { ...array, pipeline: { ...pipeline, perTile: drainOf(design) } } };
}
