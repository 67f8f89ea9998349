// INT4 panels to what the tiles read. A panel holds, for each inner index, 32 sign-magnitude codes in 16 bytes:
// columns 0…15 in the low nibbles, 16…31 in the high ones.
import { select, SIGNS } from './step';

/** Bytes 0…7 or 8…15 of two vectors alternating. */
@inline
export function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

@inline
export function zipHigh(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** 16 FP32 lanes from their high halves, given as bytes; the low halves are `rest`. */
@inline
function storeHalves(to: usize, low: v128, high: v128, rest: v128): void {
  const a = zipLow(low, high);
  const b = zipHigh(low, high);
  v128.store(to, v128.shuffle<i16>(rest, a, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(to, v128.shuffle<i16>(rest, a, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  v128.store(to, v128.shuffle<i16>(rest, b, 0, 8, 1, 9, 2, 10, 3, 11), 32);
  v128.store(to, v128.shuffle<i16>(rest, b, 4, 12, 5, 13, 6, 14, 7, 15), 48);
}

/**
 * Bytes of the BF16 value of each code, low and high; then nibble masks and other repeated bytes. Loaded, as in step.ts,
 * because engines would rebuild them in every turn of a loop.
 */
const CONSTANTS: usize = memory.data<u8>(
  [
    0, 0x80, 0, 0x40, 0x80, 0xa0, 0xc0, 0xe0, 0, 0x80, 0, 0x40, 0x80, 0xa0, 0xc0, 0xe0,
    0, 0x3f, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x80, 0xbf, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0,
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
    0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
  ],
  16,
);

/** `count` inner indices of a panel to FP32 values: the two high bytes of each looked up. */
@inline
function expandValues(from: usize, to: usize, end: usize): void {
  const low = v128.load(CONSTANTS);
  const high = v128.load(CONSTANTS, 16);
  const nibble = v128.load(CONSTANTS, 32);
  const zero = i32x4.splat(0);
  while (from < end) {
    const codes = v128.load(from);
    const first = v128.and(codes, nibble);
    const second = v128.and(i16x8.shr_u(codes, 4), nibble);
    storeHalves(to, select(low, first), select(high, first), zero);
    storeHalves(to + 64, select(low, second), select(high, second), zero);
    from += 16;
    to += 128;
  }
}

/** 16 codes to byte indices into a table of multiples (index 128 selects zero), and to signs. */
@inline
function storeIndices(codes: v128, to: usize, seven: v128, one: v128, top: v128, second: v128, exponent: v128): void {
  const magnitude = v128.and(codes, seven);
  const even = i8x16.add(magnitude, magnitude);
  storeHalves(to, even, v128.or(even, one), top);
  // The code's sign, bit 3, to bit 7 of its byte: what a shift of 16 bits brings from the neighbour is masked.
  let sign = v128.and(i16x8.shl(codes, 4), top);
  if (ASC_FEATURE_RELAXED_SIMD) sign = v128.or(sign, exponent);
  storeHalves(to + SIGNS, second, sign, i32x4.splat(0));
}

@inline
function expandIndices(from: usize, to: usize, end: usize): void {
  const nibble = v128.load(CONSTANTS, 32);
  const seven = v128.load(CONSTANTS, 48);
  const one = v128.load(CONSTANTS, 64);
  const top = v128.load(CONSTANTS, 80);
  const exponent = v128.load(CONSTANTS, 96);
  const second = ASC_FEATURE_RELAXED_SIMD ? top : i32x4.splat(0);
  while (from < end) {
    const codes = v128.load(from);
    storeIndices(v128.and(codes, nibble), to, seven, one, top, second, exponent);
    storeIndices(v128.and(i16x8.shr_u(codes, 4), nibble), to + 64, seven, one, top, second, exponent);
    from += 16;
    to += 128;
  }
}

/** `count` inner indices of a panel at `from` to 128 bytes each at `to`; with signs behind when `table`. */
@inline
export function expandInt4(table: bool, from: usize, to: usize, count: i32): void {
  const end = from + (<usize>count << 4);
  if (table) expandIndices(from, to, end);
  else expandValues(from, to, end);
}
