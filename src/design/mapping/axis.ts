import { type Extent, isSpan, steps, total } from '../../workload/operator.ts';
import { sumCeil, sumFloor, sumOf } from './series.ts';

/** Equal tiles of an axis. */
export interface TileClass {
  size: number;
  count: number;
}

/**
 * One axis of a GEMM, cut twice: into off-chip tiles of at most `tile`, and those into pieces of at most `lanes`
 * for the array. A fixed axis has at most two classes of tiles. The axis that grows in decode has a ragged tile
 * of every size; its sums run over all positions and are closed forms. Every sum of a mapping is a product of such
 * numbers, because at most one axis varies.
 */
export interface Axis {
  /** Positions that the sums run over; 1 for a fixed axis. */
  readonly positions: number;
  /** Σ over positions of the number of tiles. */
  readonly tiles: number;
  /** Σ of tile sizes: the length of the axis. */
  readonly size: number;
  /** Σ of ceil(size / lanes): pieces, the folds of the axis. */
  readonly folds: number;
  /** Σ of size / ceil(size / lanes): the mean length of a tile's pieces. */
  readonly meanPiece: number;
  /** Σ of size / min(lanes, size). */
  readonly piecesExact: number;
  /** Σ of ceil(size / lanes) · min(lanes, size): lanes occupied. */
  readonly occupied: number;
  /** Σ of ceil(bits · size / word): SRAM or bus words of whole tiles. */
  tileWords(bits: number, word: number): number;
  /** Σ over pieces of ceil(bits · piece / word). */
  pieceWords(bits: number, word: number): number;
  /** Tiles and pieces one by one; only a fixed axis can list them. */
  readonly fixed?: { tiles: readonly TileClass[]; pieces: readonly TileClass[] };
}

export function axis(extent: Extent, tile: number, lanes: number): Axis {
  return isSpan(extent) ? spanAxis(extent.from, extent.to, tile, lanes) : fixedAxis(extent, tile, lanes);
}

function fixedAxis(length: number, limit: number, lanes: number): Axis {
  const tile = Math.min(limit, length);
  const full = Math.floor(length / tile);
  const rest = length - full * tile;
  const tiles =
    rest > 0
      ? [
          { size: tile, count: full },
          { size: rest, count: 1 },
        ]
      : [{ size: tile, count: full }];
  const pieces: TileClass[] = [];
  let count = 0;
  let folds = 0;
  let meanPiece = 0;
  let piecesExact = 0;
  let occupied = 0;
  for (const t of tiles) {
    const piece = Math.min(lanes, t.size);
    const whole = Math.floor(t.size / piece);
    const ragged = t.size - whole * piece;
    const fold = ragged > 0 ? whole + 1 : whole;
    pieces.push({ size: piece, count: t.count * whole });
    if (ragged > 0) pieces.push({ size: ragged, count: t.count });
    count += t.count;
    folds += t.count * fold;
    meanPiece += (t.count * t.size) / fold;
    piecesExact += (t.count * t.size) / piece;
    occupied += t.count * fold * piece;
  }
  const words = (list: readonly TileClass[], bits: number, word: number): number => {
    let sum = 0;
    for (const { size, count } of list) sum += count * Math.ceil((bits * size) / word);
    return sum;
  };
  return {
    positions: 1,
    tiles: count,
    size: length,
    folds,
    meanPiece,
    piecesExact,
    occupied,
    tileWords: (bits, word) => words(tiles, bits, word),
    pieceWords: (bits, word) => words(pieces, bits, word),
    fixed: { tiles, pieces },
  };
}

/** Sums over s = from…to: floor(s / tile) whole tiles and a ragged one of s mod tile, where that is not 0. */
function spanAxis(from: number, to: number, tile: number, lanes: number): Axis {
  const wholeTiles = sumFloor(to + 1, tile, 1, 0) - sumFloor(from, tile, 1, 0);
  /** Σ over positions of the ragged tile's g, from its prefix sums G(r) = g(1) + … + g(r). */
  const ragged = (prefix: (last: number) => number): number => {
    const upTo = (s: number): number => Math.floor((s + 1) / tile) * all + prefix(((s + 1) % tile) - 1);
    const all = prefix(tile - 1);
    return upTo(to) - upTo(from - 1);
  };
  /** Σ over whole and ragged tiles of g. */
  const sum = (prefix: (last: number) => number): number =>
    wholeTiles * (prefix(tile) - prefix(tile - 1)) + ragged(prefix);
  const foldsUpTo = (last: number): number => sumCeil(last, 1, lanes);
  const piecesUpTo =
    (bits: number, word: number) =>
    (last: number): number => {
      if (last <= 0) return 0;
      const blocks = Math.floor((last + 1) / lanes);
      const raggedWords =
        blocks * sumCeil(lanes - 1, bits, word) + sumCeil(((last + 1) % lanes) - 1, bits, word);
      return sumFloor(last + 1, lanes, 1, 0) * Math.ceil((bits * lanes) / word) + raggedWords;
    };
  return {
    positions: steps({ from, to }),
    tiles: wholeTiles + ragged((last) => Math.max(0, last)),
    size: total({ from, to }),
    folds: sum(foldsUpTo),
    meanPiece: sum((last) => {
      let upTo = 0;
      for (let fold = 1, done = 0; done < last; fold++) {
        const next = Math.min(last, fold * lanes);
        upTo += (sumOf(next) - sumOf(done)) / fold;
        done = next;
      }
      return upTo;
    }),
    piecesExact: sum((last) => {
      const short = Math.max(0, Math.min(last, lanes));
      return short + (sumOf(last) - sumOf(short)) / lanes;
    }),
    occupied: sum((last) => {
      const short = Math.max(0, Math.min(last, lanes));
      return sumOf(short) + lanes * (foldsUpTo(last) - short);
    }),
    tileWords: (bits, word) => sum((last) => sumCeil(last, bits, word)),
    pieceWords: (bits, word) => sum(piecesUpTo(bits, word)),
  };
}

/** Σ over pairs of tiles of ceil(bits · a · b / word), over all positions of whichever axis varies. */
export function pairTileWords(a: Axis, b: Axis, bits: number, word: number): number {
  const listed = a.fixed ?? b.fixed!;
  const other = a.fixed === undefined ? a : b;
  let sum = 0;
  for (const { size, count } of listed.tiles) sum += count * other.tileWords(bits * size, word);
  return sum;
}

/** The same over pairs of array pieces. */
export function pairPieceWords(a: Axis, b: Axis, bits: number, word: number): number {
  const listed = a.fixed ?? b.fixed!;
  const other = a.fixed === undefined ? a : b;
  let sum = 0;
  for (const { size, count } of listed.pieces) sum += count * other.pieceWords(bits * size, word);
  return sum;
}
