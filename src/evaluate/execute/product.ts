import type { Design } from '../../design/design.ts';
import type { GemmMapping } from '../../design/mapping/gemm.ts';
import { sumCeil, sumFloor } from '../../design/mapping/series.ts';
import { inputScalings } from '../../design/mapping/scales.ts';
import type { GemmOperator } from '../../workload/operator.ts';

/**
 * Share of the steps that a causal product needs. The array skips whole pieces only: a tile of columns holds
 * `columns / rowsPerPosition` query positions and needs the keys up to its last one, in pieces of `rows` keys when
 * they lie on N, one by one when they lie on K. A sliding window also skips the pieces before the first key that
 * the tile's first position still sees. A mesh deals the tiles out in turn, so that each node has such a share.
 */
export function causalShare(
  design: Design,
  op: GemmOperator,
  { n, k }: Pick<GemmMapping, 'n' | 'k'>,
): number {
  const { axis, rowsPerPosition, window = Infinity } = op.causal!;
  const positions = op.m / rowsPerPosition;
  const perTile = Math.max(1, Math.floor(design.array.columns / rowsPerPosition));
  const piece = axis === 'n' ? design.array.rows : design.array.depth;
  const whole = axis === 'n' ? n.folds : Math.ceil(k.size / piece);
  const tiles = Math.ceil(positions / perTile);
  // Tile t ends with position (t + 1) · perTile, but for the last one; the first `growing` of them need fewer than all pieces.
  const growing = Math.min(tiles - 1, Math.floor((whole * piece) / perTile));
  const needed =
    sumCeil(growing, perTile, piece) +
    (tiles - 1 - growing) * whole +
    Math.min(whole, Math.ceil(positions / piece));
  // Tiles from `sliding` on begin behind a window of keys that they do not see.
  const sliding = Math.max(0, Math.ceil((window - 1) / perTile));
  const skipped = sumFloor(tiles - sliding, piece, perTile, sliding * perTile + 1 - window);
  return (needed - skipped) / (tiles * whole);
}

/** A mapping of which a share is left; in place. */
export function scaled(mapping: GemmMapping, share: number): void {
  if (share >= 1) return;
  const { counts, traffic } = mapping;
  for (const key of Object.keys(counts) as (keyof typeof counts)[])
    if (key !== 'mappings') counts[key] *= share;
  for (const key of Object.keys(traffic) as (keyof typeof traffic)[]) traffic[key] *= share;
  mapping.issuedMacs *= share;
}

/** SRAM words of a mapping, in the layout of an execution. */
export const wordsOf = ({ counts }: GemmMapping): number[] => [
  counts.inputReads,
  counts.inputWrites,
  counts.weightReads,
  counts.weightWrites,
  counts.outputReads + counts.outputDrains,
  counts.outputWrites,
];

/** Queries are scaled all, whichever keys they need; probabilities that causality leaves out do not exist. */
export const scalingsOf = (design: Design, op: GemmOperator, kept: number): number =>
  inputScalings(design, op) * (op.operand === 'keys' ? 1 : kept);
