// INT4 panels to what the tiles read. A panel holds, for each inner index, 32 sign-magnitude codes in 16 bytes:
// columns 0…15 in the low nibbles, 16…31 in the high ones.
import { SIGNS } from './step';

/** Bytes 0…7 or 8…15 of two vectors alternating. */
@inline
function zipLow(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

@inline
function zipHigh(a: v128, b: v128): v128 {
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

/** 16 codes to FP32 values: the two high bytes of each looked up. */
@inline
function expandValues(codes: v128, to: usize): void {
  const high = i8x16(
    0, 0x3f, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, <i8>0x80, <i8>0xbf, <i8>0xc0, <i8>0xc0, <i8>0xc0, <i8>0xc0, <i8>0xc0, <i8>0xc0,
  );
  const low = i8x16(
    0, <i8>0x80, 0, 0x40, <i8>0x80, <i8>0xa0, <i8>0xc0, <i8>0xe0, 0, <i8>0x80, 0, 0x40, <i8>0x80, <i8>0xa0, <i8>0xc0, <i8>0xe0,
  );
  storeHalves(to, i8x16.swizzle(low, codes), i8x16.swizzle(high, codes), i32x4.splat(0));
}

/** 16 codes to byte indices into a table of multiples (index 128 selects zero), and to signs. */
@inline
function expandIndices(codes: v128, to: usize): void {
  const even = i8x16.shl(v128.and(codes, i8x16.splat(7)), 1);
  storeHalves(to, even, v128.or(even, i8x16.splat(1)), i8x16.splat(<i8>0x80));
  let sign = i8x16.shl(v128.and(codes, i8x16.splat(8)), 4);
  if (ASC_FEATURE_RELAXED_SIMD) sign = v128.or(sign, i8x16.splat(0x3f));
  const second = ASC_FEATURE_RELAXED_SIMD ? i8x16.splat(<i8>0x80) : i32x4.splat(0);
  storeHalves(to + SIGNS, second, sign, i32x4.splat(0));
}

/** `count` inner indices of a panel at `from` to 128 bytes each at `to`; with signs behind when `table`. */
@inline
export function expandInt4(table: bool, from: usize, to: usize, count: i32): void {
  const end = from + (<usize>count << 4);
  while (from < end) {
    const codes = v128.load(from);
    const first = v128.and(codes, i8x16.splat(15));
    const second = i8x16.shr_u(codes, 4);
    if (table) {
      expandIndices(first, to);
      expandIndices(second, to + 64);
    } else {
      expandValues(first, to);
      expandValues(second, to + 64);
    }
    from += 16;
    to += 128;
  }
}
