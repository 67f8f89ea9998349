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

/**
 * The same of a systolic array: its R lanes give a sum each in a period of as many cycles as the word and the lanes that
 * scale them need for R sums, and the C sums of a lane follow each other.
 */
export function systolicDrain({ columns, rows, lanes, wordBits }: Parameters<typeof drainCycles>[0]): {
  perTile: number;
  period: number;
} {
  const period = Math.ceil(rows / Math.min(rows, lanes, Math.max(1, Math.floor(wordBits / RESULT_BITS))));
  return { perTile: columns * period, period };
}

/** The same where sums leave in a step of a cycle a column: cycles that this step waits for the lanes and the word. */
export const stepDrain = (array: Parameters<typeof drainCycles>[0]): number =>
  systolicDrain(array).perTile - array.columns;

/** Sums that leave a design's array in a cycle. */
export function drainWidth({ array: { columns, rows }, scaling, sram }: Design): number {
  const lanes = scaling.kind === 'rows' ? rows : scaling.kind === 'plane' ? columns * rows : scaling.lanes;
  return Math.min(lanes, Math.max(1, Math.floor(sram.output.wordBits / RESULT_BITS)));
}

/** Cycles in which a tile of sums leaves a design's array, as its pipeline holds them. */
export function drain(design: Design): { perTile: number; period?: number } {
  const { columns, rows, pipeline } = design.array;
  const array = { columns, rows, lanes: drainWidth(design), wordBits: design.sram.output.wordBits };
  if (pipeline.kind === 'output-stationary') return systolicDrain(array);
  const inStep = pipeline.kind === 'tail' && pipeline.inStep === true;
  return { perTile: inStep ? stepDrain(array) : drainCycles(array) };
}

/** A design whose output SRAM has changed drains through the new one, where it drains at all. */
export function redrained(design: Design): Design {
  const { array } = design;
  const { pipeline } = array;
  if (!('perTile' in pipeline) || pipeline.perTile === undefined) return design;
  return { ...design, array: { ...array, pipeline: { ...pipeline, ...drain(design) } } };
}
