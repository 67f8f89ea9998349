// One row of activations against a panel of INT4 codes, with exact products and FP32 sums. Nothing would reuse an
// expanded panel, so codes become FP32 values in registers: a byte each by table, then sign-extended in 32-bit lanes.
import { storeTransposed } from './transpose';
import { FUSED, MULTIPLY_ADD, select, step } from './step';

/** Byte `at` of each lane, signed, as FP32. */
@inline
function byteOf(values: v128, at: i32): v128 {
  return f32x4.convert_i32x4_s(i32x4.shr_s(at == 3 ? values : i32x4.shl(values, 24 - 8 * at), 24));
}

/** The value of each code, and a mask of nibbles; loaded, as in step.ts. */
const VALUES: usize = memory.data<u8>(
  [0, 1, 2, 3, 4, 5, 6, 7, 0, 255, 254, 253, 252, 251, 250, 249, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15],
  16,
);

@inline
function row(mode: i32, flush: bool, a: usize, codes: usize, count: i32, sums: usize): void {
  const table = v128.load(VALUES);
  const nibble = v128.load(VALUES, 16);
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
    const low = select(table, v128.and(both, nibble));
    const high = select(table, v128.and(i16x8.shr_u(both, 4), nibble));
    const x = v128.load32_splat(a);
    s0 = step(mode, flush, s0, x, byteOf(low, 0), none, none, none);
    s1 = step(mode, flush, s1, x, byteOf(low, 1), none, none, none);
    s2 = step(mode, flush, s2, x, byteOf(low, 2), none, none, none);
    s3 = step(mode, flush, s3, x, byteOf(low, 3), none, none, none);
    s4 = step(mode, flush, s4, x, byteOf(high, 0), none, none, none);
    s5 = step(mode, flush, s5, x, byteOf(high, 1), none, none, none);
    s6 = step(mode, flush, s6, x, byteOf(high, 2), none, none, none);
    s7 = step(mode, flush, s7, x, byteOf(high, 3), none, none, none);
    a += 4;
    codes += 16;
  }
  storeTransposed(s0, s1, s2, s3, sums, 16);
  storeTransposed(s4, s5, s6, s7, sums + 64, 16);
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
