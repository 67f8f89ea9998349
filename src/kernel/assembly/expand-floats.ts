// Weights that are stored in fewer bits than FP32, to FP32: exact for every format. `count` inner indices of a panel of
// 32 columns, from `from` to [count][32] at `to`.
import { highHalves } from './step';

export const F32: i32 = 0;
const BF16: i32 = 1;
const F16: i32 = 2;
const Q8: i32 = 3;

/** Inner indices that share a scale in the block formats. */
const SCALED: i32 = 32;

/** Bytes of one inner index of a panel. */
@inline
export function columnBytes(format: i32): usize {
  if (format == F32) return 128;
  return format == BF16 || format == F16 ? 64 : format == Q8 ? 32 : 16;
}

/** Where the scales of a panel's inner index lie: halves [panel][inner ∕ 32][32], in the order of 16-bit weights. */
@inline
export function scaleBytes(panel: i32, inner: i32, at: i32): usize {
  return (<usize>panel * (inner / SCALED) + at / SCALED) << 6;
}

/** Stored so that even and odd halves of a word are four columns apart. */
function expandBf16(from: usize, to: usize, count: i32): void {
  const high = highHalves();
  const end = from + (<usize>count << 6);
  while (from < end) {
    const pairs = v128.load(from);
    v128.store(to, i32x4.shl(pairs, 16));
    v128.store(to, v128.and(pairs, high), 16);
    from += 16;
    to += 32;
  }
}

/** Finite halves: magnitude bits stand in FP32's places; times 2¹¹² they have its bias, and subnormals are right too. */
@inline
function halves(magnitudes: v128, signs: v128): v128 {
  return v128.or(f32x4.mul(magnitudes, i32x4.splat(0x77800000)), v128.and(signs, i32x4.splat(0x80000000)));
}

function expandF16(from: usize, to: usize, count: i32): void {
  const mask = i32x4.splat(0x0fffe000);
  const end = from + (<usize>count << 6);
  while (from < end) {
    const pairs = v128.load(from);
    v128.store(to, halves(v128.and(i32x4.shl(pairs, 13), mask), i32x4.shl(pairs, 16)));
    v128.store(to, halves(v128.and(i32x4.shr_u(pairs, 3), mask), pairs), 16);
    from += 16;
    to += 32;
  }
}

/** 16 signed bytes times the scales of their columns. */
@inline
function scaled(bytes: v128, a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const low = i16x8.extend_low_i8x16_s(bytes);
  const high = i16x8.extend_high_i8x16_s(bytes);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(low)), a));
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(low)), b), 16);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(high)), c), 32);
  v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(high)), d), 48);
}

/** Q4 codes are value + 8: columns 0…15 in the low nibbles, 16…31 in the high ones. */
@inline
function expandBlocks(q8: bool, from: usize, scales: usize, to: usize, count: i32): void {
  const mask = i32x4.splat(0x0fffe000);
  for (let first = 0; first < count; first += SCALED, scales += 64) {
    const p = v128.load(scales);
    const q = v128.load(scales, 16);
    const r = v128.load(scales, 32);
    const s = v128.load(scales, 48);
    const p0 = halves(v128.and(i32x4.shl(p, 13), mask), i32x4.shl(p, 16));
    const p1 = halves(v128.and(i32x4.shr_u(p, 3), mask), p);
    const q0 = halves(v128.and(i32x4.shl(q, 13), mask), i32x4.shl(q, 16));
    const q1 = halves(v128.and(i32x4.shr_u(q, 3), mask), q);
    const r0 = halves(v128.and(i32x4.shl(r, 13), mask), i32x4.shl(r, 16));
    const r1 = halves(v128.and(i32x4.shr_u(r, 3), mask), r);
    const s0 = halves(v128.and(i32x4.shl(s, 13), mask), i32x4.shl(s, 16));
    const s1 = halves(v128.and(i32x4.shr_u(s, 3), mask), s);
    for (let i = first; i < min(first + SCALED, count); i++) {
      const codes = v128.load(from);
      const low = q8 ? codes : i8x16.sub(v128.and(codes, i8x16.splat(15)), i8x16.splat(8));
      const high = q8 ? v128.load(from, 16) : i8x16.sub(i8x16.shr_u(codes, 4), i8x16.splat(8));
      scaled(low, p0, p1, q0, q1, to);
      scaled(high, r0, r1, s0, s1, to + 64);
      from += q8 ? 32 : 16;
      to += 128;
    }
  }
}

function expandQ8(from: usize, scales: usize, to: usize, count: i32): void {
  expandBlocks(true, from, scales, to, count);
}

function expandQ4(from: usize, scales: usize, to: usize, count: i32): void {
  expandBlocks(false, from, scales, to, count);
}

/** `scales` begins at the first index's block; used by the block formats only. */
export function expandFloats(format: i32, from: usize, scales: usize, to: usize, count: i32): void {
  if (format == F32) memory.copy(to, from, <usize>count << 7);
  else if (format == BF16) expandBf16(from, to, count);
  else if (format == F16) expandF16(from, to, count);
  else if (format == Q8) expandQ8(from, scales, to, count);
  else expandQ4(from, scales, to, count);
}
