// One row of activations against a panel of INT4 codes, with products from tables. Nothing would reuse an expanded panel,
// so the sign-magnitude codes themselves select products, low bytes and high bytes apart.
import { zipHigh, zipLow } from './expand';
import { scaling, splitFused, splitter } from './split';
import {
  flushSubnormal, halfUnit, highHalves, nothing, roundSum, select, TABLE, TABLE_BF16, TABLE_SPLIT,
} from './step';

/**
 * Masks, 16 bytes each: two of nibbles, four of high halves. Each use loads one of its own: engines would keep a mask that
 * is loaded twice, in a register that would be that of a sum.
 */
const MASKS: usize = memory.data<u32>(
  [
    0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f,
    0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000,
    0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000,
  ],
  16,
);
@inline
function add(mode: i32, flush: bool, acc: v128, product: v128, half: v128, high: v128): v128 {
  let sum = f32x4.add(acc, product);
  sum = mode == TABLE_SPLIT ? splitFused(sum, half, high) : roundSum(mode, sum, half, high);
  return flush ? flushSubnormal(sum) : sum;
}

/** Four FP32 lanes from BF16 patterns 0, 2, 4, 6 or 1, 3, 5, 7. */
@inline
export function even(halves: v128): v128 {
  return i32x4.shl(halves, 16);
}

@inline
export function odd(halves: v128, mask: usize): v128 {
  return v128.and(halves, v128.load(MASKS + mask));
}

/** Sums of eight columns, even ones in front of odd ones, and back. */
@inline
function evens(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}
@inline
function odds(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}
@inline
export function storeColumns(sums: usize, even: v128, odd: v128): void {
  v128.store(sums, v128.shuffle<i32>(even, odd, 0, 4, 1, 5));
  v128.store(sums, v128.shuffle<i32>(even, odd, 2, 6, 3, 7), 16);
}

@inline
function row(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  const half = mode == TABLE_SPLIT ? splitter() : halfUnit();
  const high = mode == TABLE_SPLIT ? scaling() : highHalves();
  // The same tables, loaded again for the high nibbles: registers that would keep them are those of three sums.
  let again = a + nothing();
  const end = codes + (<usize>count << 4);
  let s0 = evens(v128.load(sums, 0), v128.load(sums, 16));
  let s1 = odds(v128.load(sums, 0), v128.load(sums, 16));
  let s2 = evens(v128.load(sums, 32), v128.load(sums, 48));
  let s3 = odds(v128.load(sums, 32), v128.load(sums, 48));
  let s4 = evens(v128.load(sums, 64), v128.load(sums, 80));
  let s5 = odds(v128.load(sums, 64), v128.load(sums, 80));
  let s6 = evens(v128.load(sums, 96), v128.load(sums, 112));
  let s7 = odds(v128.load(sums, 96), v128.load(sums, 112));
  while (codes < end) {
    const both = v128.load(codes);
    const first = v128.and(both, v128.load(MASKS));
    const firstLows = select(v128.load(a), first);
    const firstHighs = select(v128.load(a, 16), first);
    const p0 = zipLow(firstLows, firstHighs);
    s0 = add(mode, flush, s0, even(p0), half, high);
    s1 = add(mode, flush, s1, odd(p0, 32), half, high);
    const p1 = zipHigh(firstLows, firstHighs);
    s2 = add(mode, flush, s2, even(p1), half, high);
    s3 = add(mode, flush, s3, odd(p1, 48), half, high);
    const second = v128.and(i16x8.shr_u(both, 4), v128.load(MASKS, 16));
    const secondLows = select(v128.load(again), second);
    const secondHighs = select(v128.load(again, 16), second);
    const p2 = zipLow(secondLows, secondHighs);
    s4 = add(mode, flush, s4, even(p2), half, high);
    s5 = add(mode, flush, s5, odd(p2, 64), half, high);
    const p3 = zipHigh(secondLows, secondHighs);
    s6 = add(mode, flush, s6, even(p3), half, high);
    s7 = add(mode, flush, s7, odd(p3, 80), half, high);
    a += 32;
    again += 32;
    codes += 16;
  }
  storeColumns(sums, s0, s1);
  storeColumns(sums + 32, s2, s3);
  storeColumns(sums + 64, s4, s5);
  storeColumns(sums + 96, s6, s7);
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

/** Adds `count` products, from tables at `a` of 32 bytes for each activation (`splitTables`), to the 32 sums of a panel. */
export function tableRow(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  if (mode == TABLE_SPLIT) splitKeep(a, codes, count, sums);
  else if (mode == TABLE_BF16) {
    if (flush) bf16Flush(a, codes, count, sums);
    else bf16Keep(a, codes, count, sums);
  } else if (flush) tableFlush(a, codes, count, sums);
  else tableKeep(a, codes, count, sums);
}
