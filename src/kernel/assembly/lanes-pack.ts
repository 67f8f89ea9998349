// Activations for rows as lanes: placed once for a product, and the products of a block of them with every code.
import { readOne, readFour, scaleFour, scaleOne } from './pack';
import { halfUnit, highHalves, roundBf16 } from './step';
import { scaling, splitFused, splitter } from './split';
import { GROUP, TABLE_BYTES } from './lanes-tile';
import { storeTransposed } from './transpose';

/** Vectors of a group of `rows` that are left. */
@inline
export function vectorsOf(rows: i32): i32 {
  return (min(rows, GROUP) + 3) >> 2;
}

@inline
function four(row: i32, rows: i32, from: usize, float: bool, scales: usize): v128 {
  if (row >= rows) return i32x4.splat(0);
  const a = readFour(from, float, false);
  return scales != 0 ? scaleFour(a, scales, false) : a;
}

@inline
function one(from: usize, float: bool, scales: usize): f32 {
  const a = readOne(from, float, false);
  return scales != 0 ? scaleOne(a, scales, false) : a;
}

@inline
function magnitudes(a: v128): v128 {
  return v128.and(a, i32x4.splat(0x7fffffff));
}

/** Magnitudes less one, so that zero becomes the largest of all. */
@inline
function lessOne(a: v128): v128 {
  return i32x4.sub(magnitudes(a), i32x4.splat(1));
}

/**
 * BF16 or FP32 rows × inner to groups of GROUP rows, [inner][4 · vectors] FP32 values that BF16 holds; rows that are
 * missing in the last vector are zero.
 * @param scales FP32 [inner], multiplied in first; 0 for none
 * @param float rows are FP32 and rounded to BF16 first
 * @returns whether all values are 0 or of a magnitude from 2^−90 to 2^70, so that no sum of 2^24 rounded products is
 *   beyond 2^±100 or subnormal; else this way of adding must not be taken
 */
export function placeLanes(x: usize, rows: i32, inner: i32, to: usize, scales: usize, float: i32): i32 {
  const size: usize = float ? 4 : 2;
  const line = <usize>inner * size;
  let tops = i32x4.splat(0);
  let bottoms = i32x4.splat(-1);
  for (let group = 0; group < rows; group += GROUP) {
    const pitch = <usize>vectorsOf(rows - group) << 4;
    for (let row = group; row < min(rows, group + GROUP); row += 4) {
      let from = x + <usize>row * line;
      let at = to + (<usize>(row - group) << 2);
      let k = 0;
      for (; k + 4 <= inner; k += 4) {
        const factors = scales != 0 ? scales + (<usize>k << 2) : 0;
        const a = four(row, rows, from, float != 0, factors);
        const b = four(row + 1, rows, from + line, float != 0, factors);
        const c = four(row + 2, rows, from + 2 * line, float != 0, factors);
        const d = four(row + 3, rows, from + 3 * line, float != 0, factors);
        tops = i32x4.max_u(tops, i32x4.max_u(i32x4.max_u(magnitudes(a), magnitudes(b)), i32x4.max_u(magnitudes(c), magnitudes(d))));
        bottoms = i32x4.min_u(bottoms, i32x4.min_u(i32x4.min_u(lessOne(a), lessOne(b)), i32x4.min_u(lessOne(c), lessOne(d))));
        storeTransposed(a, b, c, d, at, pitch);
        from += size << 2;
        at += pitch << 2;
      }
      for (; k < inner; k++) {
        v128.store(at, i32x4.splat(0));
        const factors = scales != 0 ? scales + (<usize>k << 2) : 0;
        for (let i = 0; i < min(4, rows - row); i++) {
          store<f32>(at + (<usize>i << 2), one(from + <usize>i * line, float != 0, factors));
        }
        const a = v128.load(at);
        tops = i32x4.max_u(tops, magnitudes(a));
        bottoms = i32x4.min_u(bottoms, lessOne(a));
        from += size;
        at += pitch;
      }
    }
    to += pitch * inner;
  }
  const within = v128.and(i32x4.ge_u(bottoms, i32x4.splat(0x127fffff)), i32x4.le_u(tops, i32x4.splat(0x62800000)));
  return i32(i32x4.all_true(within));
}

/** The multiples 1 … 7 of four rows as one product of code k ≥ 0 and its negative, code k + 8. */
@inline
function put(at: usize, multiple: v128): void {
  v128.store(at, multiple);
  v128.store(at, f32x4.neg(multiple), 128);
}

@inline
function times(a: v128, factor: f32, less: v128, power: v128): v128 {
  return splitFused(f32x4.mul(a, f32x4.splat(factor)), less, power);
}

/**
 * Products of `count` placed inner indices with the sixteen codes, [count][vectors][16][4], as `packActivations` makes them
 * of one row.
 * @param repeated multiples by repeated addition, as Carat's columns make them (pack.ts)
 */
export function lanesTables(repeated: bool, a: usize, vectors: i32, count: i32, to: usize): void {
  const less = splitter();
  const power = scaling();
  const end = to + <usize>(vectors * count) * TABLE_BYTES;
  for (; to < end; to += TABLE_BYTES, a += 16) {
    const x = v128.load(a);
    const twice = f32x4.add(x, x);
    v128.store(to, i32x4.splat(0));
    v128.store(to, i32x4.splat(0), 128);
    put(to + 16, x);
    put(to + 32, twice);
    put(to + 64, f32x4.add(twice, twice));
    if (repeated) {
      const eight = f32x4.mul(x, f32x4.splat(8));
      const ten = splitFused(f32x4.add(eight, twice), less, power);
      const twelve = splitFused(f32x4.add(ten, twice), less, power);
      const fourteen = splitFused(f32x4.add(twelve, twice), less, power);
      put(to + 48, f32x4.mul(twelve, f32x4.splat(0.25)));
      put(to + 80, f32x4.mul(ten, f32x4.splat(0.5)));
      put(to + 96, f32x4.mul(twelve, f32x4.splat(0.5)));
      put(to + 112, f32x4.mul(fourteen, f32x4.splat(0.5)));
    } else {
      const triple = times(x, 3, less, power);
      put(to + 48, triple);
      put(to + 80, times(x, 5, less, power));
      put(to + 96, f32x4.add(triple, triple));
      put(to + 112, times(x, 7, less, power));
    }
  }
}
