// Register tiles: R rows of activations against V vectors of four output columns, over `count` inner indices.
// a: activations [count][R], 4 bytes each, or 16 bytes where they are tables of multiples. w: panel [count][32],
// 4 bytes each, at the tile's first column. p: partial sums, read and written, `stride` bytes between rows. Sums
// walk the inner index in order, one lane per output, so no tile shape changes a bit.
import { exactTile, FUSED_ROWS, UNFUSED_ROWS } from './exact-tile';
import { TABLE_ROWS, tableTile } from './table-tile';
import { EXACT_BF16, halfUnit, highHalves, SIGNS, step, TABLE_SPLIT, usesTable } from './step';
import { splitter } from './split';

/** 1 row × 32 columns. */
@inline
export function tile1x8(mode: i32, flush: bool, a: usize, w: usize, count: i32, p: usize, stride: usize): void {
  const table = usesTable(mode);
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = highHalves();
  const end = w + (<usize>count << 7);
  let s0 = v128.load(p);
  let s1 = v128.load(p, 16);
  let s2 = v128.load(p, 32);
  let s3 = v128.load(p, 48);
  let s4 = v128.load(p, 64);
  let s5 = v128.load(p, 80);
  let s6 = v128.load(p, 96);
  let s7 = v128.load(p, 112);
  while (w < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    const w4 = v128.load(w, 64);
    const w5 = v128.load(w, 80);
    const w6 = v128.load(w, 96);
    const w7 = v128.load(w, 112);
    const n0 = table ? v128.load(w, SIGNS + 0) : w0;
    const n1 = table ? v128.load(w, SIGNS + 16) : w1;
    const n2 = table ? v128.load(w, SIGNS + 32) : w2;
    const n3 = table ? v128.load(w, SIGNS + 48) : w3;
    const n4 = table ? v128.load(w, SIGNS + 64) : w4;
    const n5 = table ? v128.load(w, SIGNS + 80) : w5;
    const n6 = table ? v128.load(w, SIGNS + 96) : w6;
    const n7 = table ? v128.load(w, SIGNS + 112) : w7;
    const x0 = table ? v128.load(a, 0) : v128.load32_splat(a, 0);
    s0 = step(mode, flush, s0, x0, w0, n0, half, high);
    s1 = step(mode, flush, s1, x0, w1, n1, half, high);
    s2 = step(mode, flush, s2, x0, w2, n2, half, high);
    s3 = step(mode, flush, s3, x0, w3, n3, half, high);
    s4 = step(mode, flush, s4, x0, w4, n4, half, high);
    s5 = step(mode, flush, s5, x0, w5, n5, half, high);
    s6 = step(mode, flush, s6, x0, w6, n6, half, high);
    s7 = step(mode, flush, s7, x0, w7, n7, half, high);
    a += table ? 16 : 4;
    w += 128;
  }
  v128.store(p, s0);
  v128.store(p, s1, 16);
  v128.store(p, s2, 32);
  v128.store(p, s3, 48);
  v128.store(p, s4, 64);
  v128.store(p, s5, 80);
  v128.store(p, s6, 96);
  v128.store(p, s7, 112);
}

/** 2 rows × 16 columns. */
@inline
export function tile2x4(mode: i32, flush: bool, a: usize, w: usize, count: i32, p: usize, stride: usize): void {
  const table = usesTable(mode);
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = highHalves();
  const end = w + (<usize>count << 7);
  const p1 = p + stride;
  let s0 = v128.load(p);
  let s1 = v128.load(p, 16);
  let s2 = v128.load(p, 32);
  let s3 = v128.load(p, 48);
  let s4 = v128.load(p1);
  let s5 = v128.load(p1, 16);
  let s6 = v128.load(p1, 32);
  let s7 = v128.load(p1, 48);
  while (w < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const w2 = v128.load(w, 32);
    const w3 = v128.load(w, 48);
    const n0 = table ? v128.load(w, SIGNS + 0) : w0;
    const n1 = table ? v128.load(w, SIGNS + 16) : w1;
    const n2 = table ? v128.load(w, SIGNS + 32) : w2;
    const n3 = table ? v128.load(w, SIGNS + 48) : w3;
    const x0 = table ? v128.load(a, 0) : v128.load32_splat(a, 0);
    s0 = step(mode, flush, s0, x0, w0, n0, half, high);
    s1 = step(mode, flush, s1, x0, w1, n1, half, high);
    s2 = step(mode, flush, s2, x0, w2, n2, half, high);
    s3 = step(mode, flush, s3, x0, w3, n3, half, high);
    const x1 = table ? v128.load(a, 16) : v128.load32_splat(a, 4);
    s4 = step(mode, flush, s4, x1, w0, n0, half, high);
    s5 = step(mode, flush, s5, x1, w1, n1, half, high);
    s6 = step(mode, flush, s6, x1, w2, n2, half, high);
    s7 = step(mode, flush, s7, x1, w3, n3, half, high);
    a += table ? 32 : 8;
    w += 128;
  }
  v128.store(p, s0);
  v128.store(p, s1, 16);
  v128.store(p, s2, 32);
  v128.store(p, s3, 48);
  v128.store(p1, s4);
  v128.store(p1, s5, 16);
  v128.store(p1, s6, 32);
  v128.store(p1, s7, 48);
}

/** 4 rows × 8 columns. */
@inline
export function tile4x2(mode: i32, flush: bool, a: usize, w: usize, count: i32, p: usize, stride: usize): void {
  const table = usesTable(mode);
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = highHalves();
  const end = w + (<usize>count << 7);
  const p1 = p + stride;
  const p2 = p + 2 * stride;
  const p3 = p + 3 * stride;
  let s0 = v128.load(p);
  let s1 = v128.load(p, 16);
  let s2 = v128.load(p1);
  let s3 = v128.load(p1, 16);
  let s4 = v128.load(p2);
  let s5 = v128.load(p2, 16);
  let s6 = v128.load(p3);
  let s7 = v128.load(p3, 16);
  while (w < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const n0 = table ? v128.load(w, SIGNS + 0) : w0;
    const n1 = table ? v128.load(w, SIGNS + 16) : w1;
    const x0 = table ? v128.load(a, 0) : v128.load32_splat(a, 0);
    s0 = step(mode, flush, s0, x0, w0, n0, half, high);
    s1 = step(mode, flush, s1, x0, w1, n1, half, high);
    const x1 = table ? v128.load(a, 16) : v128.load32_splat(a, 4);
    s2 = step(mode, flush, s2, x1, w0, n0, half, high);
    s3 = step(mode, flush, s3, x1, w1, n1, half, high);
    const x2 = table ? v128.load(a, 32) : v128.load32_splat(a, 8);
    s4 = step(mode, flush, s4, x2, w0, n0, half, high);
    s5 = step(mode, flush, s5, x2, w1, n1, half, high);
    const x3 = table ? v128.load(a, 48) : v128.load32_splat(a, 12);
    s6 = step(mode, flush, s6, x3, w0, n0, half, high);
    s7 = step(mode, flush, s7, x3, w1, n1, half, high);
    a += table ? 64 : 16;
    w += 128;
  }
  v128.store(p, s0);
  v128.store(p, s1, 16);
  v128.store(p1, s2);
  v128.store(p1, s3, 16);
  v128.store(p2, s4);
  v128.store(p2, s5, 16);
  v128.store(p3, s6);
  v128.store(p3, s7, 16);
}

/** Rows of the tallest tile of INT4 weights, for all that is decided before activations are packed. */
@inline
export function tallestInt4(table: bool, narrow: bool): i32 {
  if (table) return TABLE_ROWS;
  // Exact BF16 sums need registers to round.
  return narrow ? 4 : ASC_FEATURE_RELAXED_SIMD ? FUSED_ROWS : UNFUSED_ROWS;
}

/** Rows the next tile takes of `left`. Eight are two fours, and six a four and a two where no tile has six. */
@inline
export function tileRows(tallest: i32, left: i32): i32 {
  if (left >= tallest && (tallest == TABLE_ROWS || (left != 8 && !(tallest == UNFUSED_ROWS && left == 6)))) return tallest;
  return left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** One K block of one 32-column panel for all rows; `block` is its first inner index of `inner`. */
@inline
export function panelBlock(
  mode: i32, flush: bool, tallest: i32, a: usize, rows: i32, inner: i32, block: i32, count: i32, w: usize, p: usize, stride: usize,
): void {
  const table = usesTable(mode);
  const size: usize = table ? 16 : 4;
  for (let row = 0; row < rows; ) {
    const height = tileRows(tallest, rows - row);
    const at = a + (<usize>row * inner + <usize>block * height) * size;
    const out = p + <usize>row * stride;
    if (height == TABLE_ROWS) {
      if (table) for (let c: usize = 0; c < 128; c += 16) tableTile(mode, flush, at, w + c, count, out + c, stride);
    } else if (height == UNFUSED_ROWS) {
      if (tallest == UNFUSED_ROWS) for (let c: usize = 0; c < 128; c += 32) exactTile(mode, flush, false, at, w + c, count, out + c, stride);
    } else if (height == FUSED_ROWS) {
      if (tallest == FUSED_ROWS) for (let c: usize = 0; c < 128; c += 32) exactTile(mode, flush, true, at, w + c, count, out + c, stride);
    } else if (height == 4) {
      for (let c: usize = 0; c < 128; c += 32) tile4x2(mode, flush, at, w + c, count, out + c, stride);
    } else if (height == 2) {
      for (let c: usize = 0; c < 128; c += 64) tile2x4(mode, flush, at, w + c, count, out + c, stride);
    } else tile1x8(mode, flush, at, w, count, out, stride);
    row += height;
  }
}
