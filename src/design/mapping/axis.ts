import { type Extent, isSpan } from '../../workload/operator.ts';
import { sumCeil, sumFloor, sumOf } from './series.ts';

/**
 * One axis of a GEMM, cut twice: into off-chip tiles of at most `tile`, and those into pieces of at most `lanes`
 * for the array. A fixed axis has at most two sizes of tiles and four of pieces. The axis that grows in decode has
 * a ragged tile of every size; its sums run over all positions and are closed forms. Every sum of a mapping is a
 * product of such numbers, because at most one axis varies.
 */
export interface Axis {
  /** True when the axis varies, so that its pieces cannot be listed. */
  readonly varies: boolean;
  /** Axes that this one is the sum of, each so many times; absent where it is one. */
  readonly parts?: readonly WeightedAxis[];
  /** Positions that the sums run over; 1 for a fixed axis. */
  readonly positions: number;
  /** Σ over positions of the number of tiles. */
  readonly tiles: number;
  /** Σ of tile sizes: the length of the axis. */
  readonly size: number;
  /** Σ of ceil(size / lanes): pieces, the folds of the axis. */
  readonly folds: number;
  /** Σ of size / ceil(size / lanes): the mean length of a tile's pieces. */
  meanPiece(): number;
  /** Σ of max(size, least) over tiles, and the size of the last tile; of a fixed axis. */
  atLeast(least: number): { tilesAtLeast: number; last: number };
  /** Σ of size / min(lanes, size). */
  piecesExact(): number;
  /** Σ of ceil(size / lanes) · min(lanes, size): lanes occupied. */
  occupied(): number;
  /** Σ of ceil(bits · size / word): SRAM or bus words of whole tiles. */
  tileWords(bits: number, word: number): number;
  /** Σ over pieces of ceil(bits · piece / word). */
  pieceWords(bits: number, word: number): number;
}

export interface WeightedAxis {
  times: number;
  axis: Axis;
}

export const axis = (extent: Extent, tile: number, lanes: number): Axis =>
  isSpan(extent) ? new SpanAxis(extent.from, extent.to, tile, lanes) : new FixedAxis(extent, tile, lanes);

/** `full` tiles of `tile`, and one of `rest` where that is not 0; plain fields, since sweeps make many. */
class FixedAxis implements Axis {
  readonly varies = false;
  readonly positions = 1;
  readonly tiles: number;
  readonly size: number;
  readonly folds: number;
  readonly tile: number;
  readonly full: number;
  readonly rest: number;
  /** Piece of a full tile, how many whole ones it has, and what remains; the same of the rest. */
  readonly piece: number;
  readonly pieces: number;
  readonly remainder: number;
  readonly restPiece: number;
  readonly restPieces: number;
  readonly restRemainder: number;

  constructor(length: number, limit: number, lanes: number) {
    this.size = length;
    this.tile = Math.min(limit, length);
    this.full = Math.floor(length / this.tile);
    this.rest = length - this.full * this.tile;
    this.piece = Math.min(lanes, this.tile);
    this.pieces = Math.floor(this.tile / this.piece);
    this.remainder = this.tile - this.pieces * this.piece;
    this.restPiece = Math.max(1, Math.min(lanes, this.rest));
    this.restPieces = Math.floor(this.rest / this.restPiece);
    this.restRemainder = this.rest - this.restPieces * this.restPiece;
    this.tiles = this.full + (this.rest > 0 ? 1 : 0);
    this.folds = this.full * this.tileFolds() + this.restFolds();
  }

  private tileFolds(): number {
    return this.pieces + (this.remainder > 0 ? 1 : 0);
  }

  private restFolds(): number {
    return this.restPieces + (this.restRemainder > 0 ? 1 : 0);
  }

  meanPiece(): number {
    const rest = this.rest > 0 ? this.rest / this.restFolds() : 0;
    return (this.full * this.tile) / this.tileFolds() + rest;
  }

  atLeast(least: number): { tilesAtLeast: number; last: number } {
    const rest = this.rest > 0 ? Math.max(this.rest, least) : 0;
    return {
      tilesAtLeast: this.full * Math.max(this.tile, least) + rest,
      last: this.rest > 0 ? this.rest : this.tile,
    };
  }

  piecesExact(): number {
    return (this.full * this.tile) / this.piece + this.rest / this.restPiece;
  }

  occupied(): number {
    return this.full * this.tileFolds() * this.piece + this.restFolds() * this.restPiece;
  }

  tileWords(bits: number, word: number): number {
    return this.full * Math.ceil((bits * this.tile) / word) + Math.ceil((bits * this.rest) / word);
  }

  pieceWords(bits: number, word: number): number {
    return (
      this.full *
        (this.pieces * Math.ceil((bits * this.piece) / word) + Math.ceil((bits * this.remainder) / word)) +
      this.restPieces * Math.ceil((bits * this.restPiece) / word) +
      Math.ceil((bits * this.restRemainder) / word)
    );
  }

  /** Σ over this axis's tiles of the other's tile words: words of two-dimensional tiles. */
  pairTileWords(other: Axis, bits: number, word: number): number {
    const rest = this.rest > 0 ? other.tileWords(bits * this.rest, word) : 0;
    return this.full * other.tileWords(bits * this.tile, word) + rest;
  }

  pairPieceWords(other: Axis, bits: number, word: number): number {
    let words = this.full * this.pieces * other.pieceWords(bits * this.piece, word);
    if (this.remainder > 0) words += this.full * other.pieceWords(bits * this.remainder, word);
    if (this.restPieces > 0) words += this.restPieces * other.pieceWords(bits * this.restPiece, word);
    if (this.restRemainder > 0) words += other.pieceWords(bits * this.restRemainder, word);
    return words;
  }
}

/** Sums over s = from…to: floor(s / tile) whole tiles and a ragged one of s mod tile, where that is not 0. */
class SpanAxis implements Axis {
  readonly varies = true;
  readonly positions: number;
  readonly tiles: number;
  readonly size: number;
  readonly folds: number;
  readonly from: number;
  readonly to: number;
  readonly tile: number;
  readonly lanes: number;
  readonly wholeTiles: number;

  constructor(from: number, to: number, tile: number, lanes: number) {
    this.from = from;
    this.to = to;
    this.tile = tile;
    this.lanes = lanes;
    this.positions = to - from + 1;
    this.size = sumOf(to) - sumOf(from - 1);
    this.wholeTiles = sumFloor(to + 1, tile, 1, 0) - sumFloor(from, tile, 1, 0);
    this.tiles = this.wholeTiles + this.ragged((last) => Math.max(0, last));
    this.folds = this.sum((last) => sumCeil(last, 1, lanes));
  }

  /** Σ over positions of g(s mod tile), from the prefix sums of g. */
  private ragged(prefix: (last: number) => number): number {
    const { from, to, tile } = this;
    const whole = prefix(tile - 1);
    const before = Math.floor(from / tile) * whole + prefix((from % tile) - 1);
    return Math.floor((to + 1) / tile) * whole + prefix(((to + 1) % tile) - 1) - before;
  }

  /** Σ over whole and ragged tiles of g. */
  private sum(prefix: (last: number) => number): number {
    return this.wholeTiles * (prefix(this.tile) - prefix(this.tile - 1)) + this.ragged(prefix);
  }

  meanPiece(): number {
    return this.sum((last) => {
      let upTo = 0;
      for (let fold = 1, done = 0; done < last; fold++) {
        const next = Math.min(last, fold * this.lanes);
        upTo += (sumOf(next) - sumOf(done)) / fold;
        done = next;
      }
      return upTo;
    });
  }

  atLeast(): never {
    throw new RangeError('the axis of activations does not vary');
  }

  piecesExact(): number {
    return this.sum((last) => {
      const short = Math.max(0, Math.min(last, this.lanes));
      return short + (sumOf(last) - sumOf(short)) / this.lanes;
    });
  }

  occupied(): number {
    return this.sum((last) => {
      const short = Math.max(0, Math.min(last, this.lanes));
      return sumOf(short) + this.lanes * (sumCeil(last, 1, this.lanes) - short);
    });
  }

  tileWords(bits: number, word: number): number {
    return this.sum((last) => sumCeil(last, bits, word));
  }

  pieceWords(bits: number, word: number): number {
    const { lanes } = this;
    const full = Math.ceil((bits * lanes) / word);
    const period = sumCeil(lanes - 1, bits, word);
    return this.sum((last) => {
      if (last <= 0) return 0;
      const blocks = Math.floor((last + 1) / lanes);
      const ragged = blocks * period + sumCeil(((last + 1) % lanes) - 1, bits, word);
      return sumFloor(last + 1, lanes, 1, 0) * full + ragged;
    });
  }
}

/** Σ over pairs of tiles of ceil(bits · a · b / word), over all positions of whichever axis varies. */
export function pairTileWords(a: Axis, b: Axis, bits: number, word: number): number {
  if (a.parts !== undefined) return over(a.parts, (part) => pairTileWords(part, b, bits, word));
  if (b.parts !== undefined) return over(b.parts, (part) => pairTileWords(a, part, bits, word));
  return a.varies
    ? (b as FixedAxis).pairTileWords(a, bits, word)
    : (a as FixedAxis).pairTileWords(b, bits, word);
}

/** The same over pairs of array pieces. */
export function pairPieceWords(a: Axis, b: Axis, bits: number, word: number): number {
  if (a.parts !== undefined) return over(a.parts, (part) => pairPieceWords(part, b, bits, word));
  if (b.parts !== undefined) return over(b.parts, (part) => pairPieceWords(a, part, bits, word));
  return a.varies
    ? (b as FixedAxis).pairPieceWords(a, bits, word)
    : (a as FixedAxis).pairPieceWords(b, bits, word);
}

/** Σ over parts of what one of them counts. */
export function over(parts: readonly WeightedAxis[], count: (part: Axis) => number): number {
  let sum = 0;
  for (const { times, axis: part } of parts) sum += times * count(part);
  return sum;
}
