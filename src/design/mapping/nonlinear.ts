import { type Extent, isSpan, type NonlinearOperator, steps, total } from '../../workload/operator.ts';
import { type Design, runOf, type Sequence, sramBits } from '../design.ts';
import type { NonlinearCounts } from './counts.ts';
import { sumCeil } from './series.ts';

export interface NonlinearMapping {
  counts: NonlinearCounts;
  /** Off-chip traffic in one direction, bits. */
  traffic: number;
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

/** Bits of an element outside products. */
export const ELEMENT_BITS = 16;
const NO_SEQUENCE: Omit<Sequence, 'lutPasses'> = { step: 0, perTile: 0, tail: 0 };

export function mapNonlinear(design: Design, op: NonlinearOperator): NonlinearMapping {
  const { lanes } = design.nonlinear;
  const elements = op.rows * total(op.columns);
  const fullRows = Math.floor(op.rows / lanes);
  const raggedRows = op.rows - fullRows * lanes;
  const word = design.sram.output.wordBits;
  const wordsPerColumn =
    fullRows * Math.ceil((ELEMENT_BITS * lanes) / word) + Math.ceil((ELEMENT_BITS * raggedRows) / word);
  const columns = total(op.columns);
  const mappings = steps(op.columns);
  const tiles = Math.ceil(op.rows / lanes);
  const { sequence = NO_SEQUENCE } = runOf(design, op.function);
  return {
    counts: {
      mappings,
      steps: tiles * columns,
      stepsUsed: elements / lanes,
      elements,
      arrayCycles: tiles * (columns * sequence.step + mappings * sequence.perTile) + mappings * sequence.tail,
      tiles: tiles * mappings,
      passWords: wordsPerColumn * columns,
      drainWords: drainWords(design, op.rows, op.columns),
    },
    traffic: elements * ELEMENT_BITS,
  };
}

/** Output SRAM words of one off-chip pass over `rows` × `columns`, each tile rounded up to whole words. */
export function drainWords(design: Design, rows: number, columns: Extent): number {
  const { lanes } = design.nonlinear;
  const word = design.sram.output.wordBits;
  const tileRows = Math.min(rows, lanes);
  const fullRows = Math.floor(rows / lanes);
  const raggedRows = rows - fullRows * lanes;
  // Columns that fill whole words make how they are cut irrelevant.
  if ((ELEMENT_BITS * tileRows) % word === 0 && (ELEMENT_BITS * raggedRows) % word === 0) {
    return ((ELEMENT_BITS * rows) / word) * total(columns);
  }
  let words = 0;
  for (const run of tileRuns(columns, tileCapacity(design, rows))) {
    words += fullRows * runWords(run, tileRows, word);
    if (raggedRows > 0) words += runWords(run, raggedRows, word);
  }
  return words;
}

/** Columns of a tile of up to `lanes` rows that fit the double-buffered SRAM it passes through. */
export function tileCapacity({ nonlinear, sram }: Design, rows: number): number {
  const output = sramBits(sram.output) / 2;
  const half = nonlinear.throughWeightSram ? Math.min(output, sramBits(sram.weight) / 2) : output;
  return half / ELEMENT_BITS / Math.min(rows, nonlinear.lanes);
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
