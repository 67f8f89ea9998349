import { wholeNumber } from '../../errors.ts';
import type { ArrayActivity } from './activity.ts';

/**
 * A GEMM for the array of a compared design: `output[m][n] = Σ_g scale[n][g] · Σ_{k in g} activation[m][k] · weight[n][k]`.
 */
export interface ArrayJob {
  m: number;
  k: number;
  n: number;
  /** BF16 patterns, [m][k]. */
  activations: Uint16Array;
  /** INT4 weights −7…7, [n][k]. */
  weights: Int8Array;
  /** BF16 scales, [n][chain], one for every `tile.k` inner indices; 1 when absent. */
  scales?: Uint16Array | undefined;
  /** Totals of a node before this one, [m][n], which the first scaled sums are added to. */
  before?: Float32Array | undefined;
  /** Told of every scaled sum as it is added to its total; `chain` counts along K. */
  added?: ((m: number, n: number, chain: number) => void) | undefined;
}

/** Elements of each axis that are on the chip at a time; `k` is also the length of a chain of sums. */
export interface ArrayTile {
  m: number;
  k: number;
  n: number;
}

export interface ArrayRun {
  /** BF16 patterns, [m][n]. */
  output: Uint16Array;
  /** From the first operand that enters to the last sum of a chain, which leaves for the vector unit, both included. */
  cycles: number;
  activity: ArrayActivity;
}

/** Whole numbers from `from` to `to`, the end not included. */
export interface Range {
  from: number;
  to: number;
}

/** `range` cut into pieces of at most `size`. */
export function* pieces({ from, to }: Range, size: number): Generator<Range> {
  for (let at = from; at < to; at += size) yield { from: at, to: Math.min(to, at + size) };
}

export const lengthOf = ({ from, to }: Range): number => to - from;

/** An off-chip tile. */
export type Tile = Record<'m' | 'k' | 'n', Range>;

/** The off-chip tiles of a job: the chains of an output follow each other, and rows of activations come last. */
export function* tilesOf({ m, k, n }: ArrayJob, tile: ArrayTile): Generator<Tile> {
  for (const rows of pieces({ from: 0, to: m }, tile.m))
    for (const outputs of pieces({ from: 0, to: n }, tile.n))
      for (const inner of pieces({ from: 0, to: k }, tile.k)) yield { m: rows, k: inner, n: outputs };
}

/** Refuses operands that do not fit their shape. */
export function checkArrayJob(job: ArrayJob, tile: ArrayTile): void {
  const { m, k, n, activations, weights, scales, before } = job;
  for (const [name, value] of Object.entries({ m, k, n })) wholeNumber(name, value, 1, 2 ** 24);
  for (const [name, value] of Object.entries(tile)) wholeNumber(`tile ${name}`, value, 1, 2 ** 24);
  const fits = (what: string, length: number, expected: number): void => {
    if (length !== expected) throw new RangeError(`${what}: ${length} values for ${expected}`);
  };
  fits('activations', activations.length, m * k);
  fits('weights', weights.length, n * k);
  if (before !== undefined) fits('totals', before.length, m * n);
  if (scales !== undefined) fits('scales', scales.length, n * Math.ceil(k / tile.k));
}

/** Weights of up to C × R that stay in an array, and the rows of activations that meet them. */
export interface Fold extends Tile {
  /** The chain of sums ends with it. */
  last: boolean;
}

/** The folds of a job on C lanes of K and R lanes of N: the weights of a tile piece by piece. */
export function foldsOf(job: ArrayJob, tile: ArrayTile, lanes: { columns: number; rows: number }): Fold[] {
  const folds: Fold[] = [];
  for (const { m, k, n } of tilesOf(job, tile))
    for (const outputs of pieces(n, lanes.rows))
      for (const inner of pieces(k, lanes.columns))
        folds.push({ m, k: inner, n: outputs, last: inner.to === k.to });
  return folds;
}
