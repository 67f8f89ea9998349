import { type Axis, over, type WeightedAxis } from './axis.ts';

/** Several axes as one: every sum is that of the parts, each as often as it occurs. */
export class CompositeAxis implements Axis {
  readonly varies: boolean;
  readonly parts: readonly WeightedAxis[];
  readonly positions: number;
  readonly tiles: number;
  readonly size: number;
  readonly folds: number;

  /** @param positions decode positions that the sums run over, which the parts share */
  constructor(parts: readonly WeightedAxis[], positions: number) {
    this.parts = parts;
    this.positions = positions;
    this.varies = parts.some(({ axis }) => axis.varies);
    this.tiles = over(parts, ({ tiles }) => tiles);
    this.size = over(parts, ({ size }) => size);
    this.folds = over(parts, ({ folds }) => folds);
  }

  meanPiece(): number {
    return over(this.parts, (part) => part.meanPiece());
  }

  /** Its last tile is the mean of those of its parts. */
  atLeast(least: number): { tilesAtLeast: number; last: number } {
    const parts = this.parts.reduce((sum, { times }) => sum + times, 0);
    return {
      tilesAtLeast: over(this.parts, (part) => part.atLeast(least).tilesAtLeast),
      last: over(this.parts, (part) => part.atLeast(least).last) / parts,
    };
  }

  piecesExact(): number {
    return over(this.parts, (part) => part.piecesExact());
  }

  occupied(): number {
    return over(this.parts, (part) => part.occupied());
  }

  tileWords(bits: number, word: number): number {
    return over(this.parts, (part) => part.tileWords(bits, word));
  }

  pieceWords(bits: number, word: number): number {
    return over(this.parts, (part) => part.pieceWords(bits, word));
  }
}
