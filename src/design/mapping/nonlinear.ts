import { type Extent, isSpan, type NonlinearOperator, steps, total } from '../../workload/operator.ts';
import { type Design, sramBits } from '../design.ts';
import { sumCeil } from './series.ts';

/** How often things happen in one nonlinear operator (summed over its span), for the whole chip. */
export interface NonlinearCounts {
  mappings: number;
  /** Array or vector steps: one column of up to `lanes` rows. */
  steps: number;
  /** Steps weighed with the lanes in use: elements / lanes. */
  stepsUsed: number;
  elements: number;
  /** Output SRAM words of one array-side pass over the tensor. */
  passWords: number;
  /** Output SRAM words of one off-chip pass (load or drain). */
  drainWords: number;
}

export interface NonlinearMapping {
  counts: NonlinearCounts;
  /** Off-chip traffic in one direction, bits. */
  traffic: number;
  runs: readonly TileRun[];
}

/** Consecutive positions whose tensors are cut the same way: `tiles` pieces of up to `width` columns. */
export interface TileRun {
  from: number;
  to: number;
  /** Columns of a tile; the position itself when `whole`. */
  width: number;
  whole: boolean;
  tiles: number;
}

const ELEMENT_BITS = 16;

export function mapNonlinear(design: Design, op: NonlinearOperator): NonlinearMapping {
  const { lanes, throughWeightSram } = design.nonlinear;
  const { output, weight } = design.sram;
  const elements = op.rows * total(op.columns);
  const fullRows = Math.floor(op.rows / lanes);
  const raggedRows = op.rows - fullRows * lanes;
  const word = output.wordBits;
  const wordsPerColumn =
    fullRows * Math.ceil((ELEMENT_BITS * lanes) / word) + Math.ceil((ELEMENT_BITS * raggedRows) / word);
  const half = throughWeightSram ? Math.min(sramBits(output), sramBits(weight)) / 2 : sramBits(output) / 2;
  const tileRows = Math.min(op.rows, lanes);
  const runs = tileRuns(op.columns, half / ELEMENT_BITS / tileRows);
  let drainWords = 0;
  for (const run of runs) {
    drainWords += fullRows * runWords(run, tileRows, word);
    if (raggedRows > 0) drainWords += runWords(run, fullRows > 0 ? raggedRows : tileRows, word);
  }
  return {
    counts: {
      mappings: steps(op.columns),
      steps: Math.ceil(op.rows / lanes) * total(op.columns),
      stepsUsed: elements / lanes,
      elements,
      passWords: wordsPerColumn * total(op.columns),
      drainWords,
    },
    traffic: elements * ELEMENT_BITS,
    runs,
  };
}

/**
 * Tiles of the published schedule: the width starts at the whole tensor and is halved (in real numbers, truncated
 * at the end) until it fits `capacity` columns.
 */
export function tileRuns(columns: Extent, capacity: number): TileRun[] {
  const { from, to } = isSpan(columns) ? columns : { from: columns, to: columns };
  const runs: TileRun[] = [];
  const whole = Math.min(to, Math.floor(capacity));
  if (from <= whole) runs.push({ from, to: whole, width: whole, whole: true, tiles: 1 });
  let s = Math.max(from, whole + 1);
  while (s <= to) {
    let halves = 1;
    while (s / halves > capacity) halves *= 2;
    const width = Math.max(1, Math.floor(s / halves));
    const tiles = Math.ceil(s / width);
    const last = Math.min(to, tiles * width, halves * (width + 1) - 1, Math.floor(capacity * halves));
    runs.push({ from: s, to: last, width, whole: false, tiles });
    s = last + 1;
  }
  return runs;
}

/** Σ over the run's positions of the words of its tiles, for `rows` rows. */
function runWords({ from, to, width, whole, tiles }: TileRun, rows: number, word: number): number {
  const bits = ELEMENT_BITS * rows;
  if (whole) return sumCeil(to, bits, word) - sumCeil(from - 1, bits, word);
  const positions = to - from + 1;
  const before = (tiles - 1) * width;
  const ragged = sumCeil(to - before, bits, word) - sumCeil(from - 1 - before, bits, word);
  return positions * (tiles - 1) * Math.ceil((bits * width) / word) + ragged;
}
