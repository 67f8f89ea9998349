// The tile of products from tables: many rows of few columns, because their sums wait for one another, and a table is
// loaded for every four columns anyway.
import { halfUnit, highHalves, SIGNS, step, TABLE_SPLIT } from './step';
import { splitter } from './split';

/** Rows of the tile: with the weights, their signs, a product and a constant they fill the registers. */
export const TABLE_ROWS: i32 = 10;

/** TABLE_ROWS rows × 4 columns; `mode` is one of tables. */
@inline
export function tableTile(mode: i32, flush: bool, a: usize, w: usize, count: i32, p: usize, stride: usize): void {
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = highHalves();
  const end = w + (<usize>count << 7);
  let s0 = v128.load(p);
  let s1 = v128.load(p + stride);
  let s2 = v128.load(p + 2 * stride);
  let s3 = v128.load(p + 3 * stride);
  let s4 = v128.load(p + 4 * stride);
  let s5 = v128.load(p + 5 * stride);
  let s6 = v128.load(p + 6 * stride);
  let s7 = v128.load(p + 7 * stride);
  let s8 = v128.load(p + 8 * stride);
  let s9 = v128.load(p + 9 * stride);
  while (w < end) {
    const w0 = v128.load(w);
    const n0 = v128.load(w, SIGNS);
    s0 = step(mode, flush, s0, v128.load(a, 0), w0, n0, half, high);
    s1 = step(mode, flush, s1, v128.load(a, 16), w0, n0, half, high);
    s2 = step(mode, flush, s2, v128.load(a, 32), w0, n0, half, high);
    s3 = step(mode, flush, s3, v128.load(a, 48), w0, n0, half, high);
    s4 = step(mode, flush, s4, v128.load(a, 64), w0, n0, half, high);
    s5 = step(mode, flush, s5, v128.load(a, 80), w0, n0, half, high);
    s6 = step(mode, flush, s6, v128.load(a, 96), w0, n0, half, high);
    s7 = step(mode, flush, s7, v128.load(a, 112), w0, n0, half, high);
    s8 = step(mode, flush, s8, v128.load(a, 128), w0, n0, half, high);
    s9 = step(mode, flush, s9, v128.load(a, 144), w0, n0, half, high);
    a += <usize>TABLE_ROWS << 4;
    w += 128;
  }
  v128.store(p, s0);
  v128.store(p + stride, s1);
  v128.store(p + 2 * stride, s2);
  v128.store(p + 3 * stride, s3);
  v128.store(p + 4 * stride, s4);
  v128.store(p + 5 * stride, s5);
  v128.store(p + 6 * stride, s6);
  v128.store(p + 7 * stride, s7);
  v128.store(p + 8 * stride, s8);
  v128.store(p + 9 * stride, s9);
}
