// One row of activations against a panel of INT4 codes, with exact products and FP32 sums. Nothing would reuse an
// expanded panel, so each code selects the two bytes of its value in BF16, from which FP32 lanes are put together.
import { zipHigh, zipLow } from './expand';
import { even, odd, storeColumns } from './int4-table-row';
import { FUSED, MULTIPLY_ADD, nothing, select, step } from './step';

/**
 * Low bytes and high bytes of the value of each code in BF16, and a mask of nibbles. Low and high nibbles load them by
 * addresses of their own: engines would keep what is loaded twice in a register that would be that of a sum.
 */
const VALUES: usize = memory.data<u32>(
  [
    0x40008000, 0xe0c0a080, 0x40008000, 0xe0c0a080, 0x40403f00, 0x40404040, 0xc0c0bf00, 0xc0c0c0c0,
    0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f,
  ],
  16,
);

@inline
function row(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  const again = VALUES + nothing();
  const none = i32x4.splat(0);
  const end = codes + (<usize>count << 4);
  let s0 = none;
  let s1 = none;
  let s2 = none;
  let s3 = none;
  let s4 = none;
  let s5 = none;
  let s6 = none;
  let s7 = none;
  while (codes < end) {
    const both = v128.load(codes);
    const x = v128.load32_splat(a);
    const first = v128.and(both, v128.load(VALUES, 32));
    const firstLows = select(v128.load(VALUES), first);
    const firstHighs = select(v128.load(VALUES, 16), first);
    const w0 = zipLow(firstLows, firstHighs);
    s0 = step(mode, flush, s0, x, even(w0), none, none, none);
    s1 = step(mode, flush, s1, x, odd(w0, 32), none, none, none);
    const w1 = zipHigh(firstLows, firstHighs);
    s2 = step(mode, flush, s2, x, even(w1), none, none, none);
    s3 = step(mode, flush, s3, x, odd(w1, 48), none, none, none);
    const second = v128.and(i16x8.shr_u(both, 4), v128.load(again, 32));
    const secondLows = select(v128.load(again), second);
    const secondHighs = select(v128.load(again, 16), second);
    const w2 = zipLow(secondLows, secondHighs);
    s4 = step(mode, flush, s4, x, even(w2), none, none, none);
    s5 = step(mode, flush, s5, x, odd(w2, 64), none, none, none);
    const w3 = zipHigh(secondLows, secondHighs);
    s6 = step(mode, flush, s6, x, even(w3), none, none, none);
    s7 = step(mode, flush, s7, x, odd(w3, 80), none, none, none);
    a += 4;
    codes += 16;
  }
  storeColumns(sums, s0, s1);
  storeColumns(sums + 32, s2, s3);
  storeColumns(sums + 64, s4, s5);
  storeColumns(sums + 96, s6, s7);
}

// One function for each arithmetic, so that its loop is straight-line code.
function multiplyAddKeep(a: usize, codes: usize, count: i32, sums: usize): void {
  row(MULTIPLY_ADD, false, a, codes, count, sums);
}
function multiplyAddFlush(a: usize, codes: usize, count: i32, sums: usize): void {
  row(MULTIPLY_ADD, true, a, codes, count, sums);
}
function fusedKeep(a: usize, codes: usize, count: i32, sums: usize): void {
  row(FUSED, false, a, codes, count, sums);
}
function fusedFlush(a: usize, codes: usize, count: i32, sums: usize): void {
  row(FUSED, true, a, codes, count, sums);
}

/** Sets the 32 sums of one group: `count` activations of FP32 at `a`, from +0 on. */
export function rowGroup(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  if (mode == FUSED) {
    if (flush) fusedFlush(a, codes, count, sums);
    else fusedKeep(a, codes, count, sums);
  } else if (flush) multiplyAddFlush(a, codes, count, sums);
  else multiplyAddKeep(a, codes, count, sums);
}
