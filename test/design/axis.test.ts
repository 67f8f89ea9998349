import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Axis, axis, pairPieceWords, pairTileWords } from '../../src/design/mapping/axis.ts';
import { sumCeil, sumFloor } from '../../src/design/mapping/series.ts';

const small = (max: number, min = 1) => fc.integer({ min, max });

it('floor and ceil sums equal their loops', () => {
  fc.assert(
    fc.property(small(60, 0), small(40), small(90, 0), small(90, 0), (count, m, a, b) => {
      let expected = 0;
      for (let i = 0; i < count; i++) expected += Math.floor((a * i + b) / m);
      expect(sumFloor(count, m, a, b)).toBe(expected);
      let ceil = 0;
      for (let i = 1; i <= count; i++) ceil += Math.ceil((a * i) / m);
      expect(sumCeil(count, a, m)).toBe(ceil);
    }),
  );
});

type Sum = 'positions' | 'tiles' | 'size' | 'folds' | 'meanPiece' | 'piecesExact' | 'occupied';
const value = (one: Axis, key: Sum): number => {
  const sum = one[key];
  return typeof sum === 'number' ? sum : sum.call(one);
};

it('an axis over a span equals the sum of fixed axes over its positions', () => {
  fc.assert(
    fc.property(
      small(300),
      small(300, 0),
      small(40),
      small(40),
      small(20),
      small(64),
      (from, more, tile, lanes, bits, word) => {
        const to = from + more;
        const span = axis({ from, to }, tile, lanes);
        const other = axis(37, tile, lanes);
        const sums = { positions: 0, tiles: 0, size: 0, folds: 0, meanPiece: 0, piecesExact: 0, occupied: 0 };
        let [tileWords, pieceWords, pairTiles, pairPieces] = [0, 0, 0, 0];
        for (let s = from; s <= to; s++) {
          const one = axis(s, tile, lanes);
          for (const key of Object.keys(sums) as (keyof typeof sums)[]) sums[key] += value(one, key);
          tileWords += one.tileWords(bits, word);
          pieceWords += one.pieceWords(bits, word);
          pairTiles += pairTileWords(one, other, bits, word);
          pairPieces += pairPieceWords(one, other, bits, word);
        }
        for (const key of Object.keys(sums) as (keyof typeof sums)[])
          expect(value(span, key), key).toBeCloseTo(sums[key], 6);
        expect(span.tileWords(bits, word)).toBe(tileWords);
        expect(span.pieceWords(bits, word)).toBe(pieceWords);
        expect(pairTileWords(span, other, bits, word)).toBe(pairTiles);
        expect(pairPieceWords(other, span, bits, word)).toBe(pairPieces);
      },
    ),
  );
});
