// One row of activations against a panel of INT4 codes, with products from tables. Nothing would reuse an expanded panel,
// so the sign-magnitude codes themselves select products, low bytes and high bytes apart.
import { zipHigh, zipLow } from './expand';
import {
  flushSubnormal, halfUnit, highHalves, roundSum, select, splitter, TABLE, TABLE_BF16, TABLE_SPLIT,
} from './step';

/** A mask of nibbles, and the signs of the high bytes of products by code; loaded, as in step.ts. */
const CONSTANTS: usize = memory.data<u8>(
  [
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
  ],
  16,
);

@inline
function add(mode: i32, flush: bool, acc: v128, product: v128, half: v128, high: v128): v128 {
  const sum = roundSum(mode, f32x4.add(acc, product), half, high);
  return flush ? flushSubnormal(sum) : sum;
}

/** Four FP32 lanes from BF16 patterns 0…3 or 4…7. */
@inline
function wideLow(halves: v128): v128 {
  return v128.shuffle<i16>(i32x4.splat(0), halves, 0, 8, 1, 9, 2, 10, 3, 11);
}

@inline
function wideHigh(halves: v128): v128 {
  return v128.shuffle<i16>(i32x4.splat(0), halves, 4, 12, 5, 13, 6, 14, 7, 15);
}

@inline
function row(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = highHalves();
  const nibble = v128.load(CONSTANTS);
  const signs = v128.load(CONSTANTS, 16);
  const end = codes + (<usize>count << 4);
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  let s4 = v128.load(sums, 64);
  let s5 = v128.load(sums, 80);
  let s6 = v128.load(sums, 96);
  let s7 = v128.load(sums, 112);
  while (codes < end) {
    const multiples = v128.load(a);
    const lows = v128.shuffle<i8>(multiples, multiples, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
    const highs = v128.xor(
      v128.shuffle<i8>(multiples, multiples, 1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15), signs,
    );
    const both = v128.load(codes);
    const first = v128.and(both, nibble);
    const firstLows = select(lows, first);
    const firstHighs = select(highs, first);
    const p0 = zipLow(firstLows, firstHighs);
    s0 = add(mode, flush, s0, wideLow(p0), half, high);
    s1 = add(mode, flush, s1, wideHigh(p0), half, high);
    const p1 = zipHigh(firstLows, firstHighs);
    s2 = add(mode, flush, s2, wideLow(p1), half, high);
    s3 = add(mode, flush, s3, wideHigh(p1), half, high);
    const second = v128.and(i16x8.shr_u(both, 4), nibble);
    const secondLows = select(lows, second);
    const secondHighs = select(highs, second);
    const p2 = zipLow(secondLows, secondHighs);
    s4 = add(mode, flush, s4, wideLow(p2), half, high);
    s5 = add(mode, flush, s5, wideHigh(p2), half, high);
    const p3 = zipHigh(secondLows, secondHighs);
    s6 = add(mode, flush, s6, wideLow(p3), half, high);
    s7 = add(mode, flush, s7, wideHigh(p3), half, high);
    a += 16;
    codes += 16;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);
  v128.store(sums, s5, 80);
  v128.store(sums, s6, 96);
  v128.store(sums, s7, 112);
}

// One function for each arithmetic, so that its loop is straight-line code.
function tableKeep(a: usize, codes: usize, count: i32, sums: usize): void {
  row(TABLE, false, a, codes, count, sums);
}
function tableFlush(a: usize, codes: usize, count: i32, sums: usize): void {
  row(TABLE, true, a, codes, count, sums);
}
function bf16Keep(a: usize, codes: usize, count: i32, sums: usize): void {
  row(TABLE_BF16, false, a, codes, count, sums);
}
function bf16Flush(a: usize, codes: usize, count: i32, sums: usize): void {
  row(TABLE_BF16, true, a, codes, count, sums);
}
function splitKeep(a: usize, codes: usize, count: i32, sums: usize): void {
  row(TABLE_SPLIT, false, a, codes, count, sums);
}

/** Adds `count` products, from tables at `a` of 16 bytes for each activation, to the 32 sums of a panel. */
export function tableRow(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  if (mode == TABLE_SPLIT) splitKeep(a, codes, count, sums);
  else if (mode == TABLE_BF16) {
    if (flush) bf16Flush(a, codes, count, sums);
    else bf16Keep(a, codes, count, sums);
  } else if (flush) tableFlush(a, codes, count, sums);
  else tableKeep(a, codes, count, sums);
}
