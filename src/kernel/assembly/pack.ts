// Activations in the order in which the tiles read them: tiles of rows, [inner][height].
import { readBf16 } from './round';
import { canonicalNaN, flushSubnormal, halfUnit, highHalves, roundBf16 } from './step';
import { UNFUSED_ROWS } from './exact-tile';
import { tallestInt4, tileRows } from './tiles';
import { storeTransposed } from './transpose';

/** FP32 rows × inner, row-major, to tiles. */
export function packFloat(x: usize, rows: i32, inner: i32, to: usize): void {
  const line = <usize>inner << 2;
  for (let row = 0; row < rows; ) {
    const height = tileRows(UNFUSED_ROWS, rows - row);
    for (let i = 0; i < height; i++) {
      let from = x + <usize>(row + i) * line;
      let at = to + (<usize>i << 2);
      for (let k = 0; k < inner; k++) {
        store<u32>(at, load<u32>(from));
        from += 4;
        at += <usize>height << 2;
      }
    }
    to += <usize>height * line;
    row += height;
  }
}

/**
 * The eight multiples 0·a … 7·a of a, in four lanes, each rounded once to BF16: what a column value bus carries in one wave
 * (16 bytes). Those by 0 and powers of two are exact.
 */
@inline
function multiples(x: v128): v128 {
  const exact = f32x4.mul(x, f32x4(0, 1, 2, 4));
  const rounded = roundBf16(f32x4.mul(x, f32x4(3, 5, 6, 7)), halfUnit(), highHalves());
  return v128.shuffle<i16>(exact, rounded, 1, 3, 5, 9, 7, 11, 13, 15);
}

/**
 * The same as Carat's columns make them, by BF16 additions of 2·a from 8·a on; the definition is `repeatedProduct` of
 * src/vlp/vector-sum.ts. Magnitudes 3 and 6 stand at 12·a, 5 at 10·a, 7 at 14·a.
 */
@inline
function repeated(x: v128): v128 {
  const twice = f32x4.add(x, x);
  // The column adds +0 first, which makes a zero positive.
  const eight = roundBf16(f32x4.add(f32x4.mul(x, f32x4.splat(8)), f32x4.splat(0)), halfUnit(), highHalves());
  const ten = roundBf16(f32x4.add(eight, twice), halfUnit(), highHalves());
  const twelve = roundBf16(f32x4.add(ten, twice), halfUnit(), highHalves());
  const fourteen = roundBf16(f32x4.add(twelve, twice), halfUnit(), highHalves());
  const low = f32x4.mul(v128.shuffle<i32>(eight, twelve, 0, 1, 2, 7), f32x4(0, 0.125, 0.25, 0.25));
  const high = v128.shuffle<i32>(
    v128.shuffle<i32>(eight, ten, 0, 5, 2, 3), v128.shuffle<i32>(twelve, fourteen, 0, 1, 2, 7), 0, 1, 6, 7,
  );
  return v128.shuffle<i16>(low, f32x4.mul(high, f32x4.splat(0.5)), 1, 3, 5, 7, 9, 11, 13, 15);
}

@inline
function tableOf(x: v128, table: i32): v128 {
  return table == 2 ? repeated(x) : multiples(x);
}

/** The tables of four activations, `step` bytes apart: the multiples of all four at once, which then change places. */
@inline
function storeTables(a: v128, at: usize, step: usize, table: i32): void {
  if (table == 2) {
    v128.store(at, repeated(v128.shuffle<i32>(a, a, 0, 0, 0, 0)));
    v128.store(at + step, repeated(v128.shuffle<i32>(a, a, 1, 1, 1, 1)));
    v128.store(at + 2 * step, repeated(v128.shuffle<i32>(a, a, 2, 2, 2, 2)));
    v128.store(at + 3 * step, repeated(v128.shuffle<i32>(a, a, 3, 3, 3, 3)));
    return;
  }
  const twice = f32x4.add(a, a);
  const triple = times(a, 3);
  storeTransposed(
    pair(f32x4.mul(a, f32x4.splat(0)), a), pair(twice, triple), pair(f32x4.add(twice, twice), times(a, 5)),
    pair(f32x4.add(triple, triple), times(a, 7)), at, step,
  );
}

/** A multiple rounded to BF16. */
@inline
function times(a: v128, factor: f32): v128 {
  return roundBf16(f32x4.mul(a, f32x4.splat(factor)), halfUnit(), highHalves());
}

/** BF16 patterns of two lanes as one. */
@inline
function pair(first: v128, second: v128): v128 {
  return v128.or(i32x4.shr_u(first, 16), second);
}

/** Four activations as FP32 lanes that hold BF16 values: NaN canonical, FP32 rounded, subnormals as asked. */
@inline
export function readFour(from: usize, float: bool, flush: bool): v128 {
  const a = canonicalNaN(float ? v128.load(from) : i32x4.shl(v128.load16x4_u(from), 16));
  const rounded = float ? roundBf16(a, halfUnit(), highHalves()) : a;
  return flush ? flushSubnormal(rounded) : rounded;
}

/** a·factor rounded once to BF16. */
@inline
export function scaleFour(a: v128, scales: usize, flush: bool): v128 {
  let factor = canonicalNaN(v128.load(scales));
  if (flush) factor = flushSubnormal(factor);
  const product = roundBf16(canonicalNaN(f32x4.mul(a, factor)), halfUnit(), highHalves());
  return flush ? flushSubnormal(product) : product;
}

/** The same for one activation. */
@inline
export function readOne(from: usize, float: bool, flush: bool): f32 {
  if (!float) return readBf16(load<u16>(from), flush);
  const bits = load<u32>(from);
  if ((bits & 0x7fffffff) > 0x7f800000) return readBf16(0x7fc0, flush);
  return readBf16((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16, flush);
}

@inline
export function scaleOne(a: f32, scales: usize, flush: bool): f32 {
  const factor = readBf16(load<u32>(scales) >>> 16, flush);
  const bits = reinterpret<u32>(a * factor);
  return readBf16((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16, flush);
}

/** Largest of four unsigned lanes. */
@inline
function largest(x: v128): u32 {
  const a = max(<u32>i32x4.extract_lane(x, 0), <u32>i32x4.extract_lane(x, 1));
  return max(a, max(<u32>i32x4.extract_lane(x, 2), <u32>i32x4.extract_lane(x, 3)));
}

@inline
function smallest(x: v128): u32 {
  const a = min(<u32>i32x4.extract_lane(x, 0), <u32>i32x4.extract_lane(x, 1));
  return min(a, min(<u32>i32x4.extract_lane(x, 2), <u32>i32x4.extract_lane(x, 3)));
}

/** Signs of the high bytes of products by code; loaded, as in step.ts. */
const SIGNS: usize = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80], 16);

/** Tables of a single row, 32 bytes apart, to the low and the high bytes of the products with all sixteen codes. */
function splitTables(a: usize, inner: i32): void {
  const signs = v128.load(SIGNS);
  for (const end = a + (<usize>inner << 5); a < end; a += 32) {
    const x = v128.load(a);
    v128.store(a, v128.shuffle<i8>(x, x, 0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14));
    v128.store(a, v128.xor(v128.shuffle<i8>(x, x, 1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15), signs), 16);
  }
}

/**
 * BF16 rows × inner, `stride` elements apart, to tiles of FP32 values (4 bytes), or of tables of multiples (16 bytes; 32
 * for a single row, whose products are selected by code).
 * @param table 0: values; 1: tables of rounded multiples; 2: of multiples by repeated addition
 * @param scales FP32 [inner], multiplied in first; 0 for none
 * @param float rows are FP32 and rounded to BF16 first
 * @returns bit 0: some product t·a may leave FP32's range, where a fused operation would keep it; bit 1: all values are
 *   0 or of a magnitude from 2^−90 to 2^70, so that no sum of 2^24 rounded products is beyond 2^±100 or subnormal
 */
export function packActivations(
  x: usize, rows: i32, inner: i32, stride: i32, to: usize, table: i32, narrow: bool, flush: bool, scales: usize, float: bool,
): i32 {
  const packed = to;
  const tallest = tallestInt4(table != 0, narrow);
  let top: u32 = 0;
  let tops = i32x4.splat(0);
  // Magnitudes less one: zero becomes the largest of all.
  let bottom: u32 = 0xffffffff;
  let bottoms = i32x4.splat(-1);
  const shift: usize = table ? (rows == 1 ? 5 : 4) : 2;
  const size: usize = float ? 4 : 2;
  for (let row = 0; row < rows; ) {
    const height = tileRows(tallest, rows - row);
    const step = <usize>height << shift;
    for (let i = 0; i < height; i++) {
      let from = x + <usize>(row + i) * stride * size;
      let at = to + (<usize>i << shift);
      let k = 0;
      for (; k + 4 <= inner; k += 4) {
        let a = readFour(from, float, flush);
        if (scales != 0) a = scaleFour(a, scales + (<usize>k << 2), flush);
        const magnitudes = v128.and(a, i32x4.splat(0x7fffffff));
        tops = i32x4.max_u(tops, magnitudes);
        if (table) {
          bottoms = i32x4.min_u(bottoms, i32x4.sub(magnitudes, i32x4.splat(1)));
          storeTables(a, at, step, table);
        } else {
          v128.store_lane<u32>(at, a, 0);
          v128.store_lane<u32>(at + step, a, 1);
          v128.store_lane<u32>(at + 2 * step, a, 2);
          v128.store_lane<u32>(at + 3 * step, a, 3);
        }
        from += size << 2;
        at += step << 2;
      }
      for (; k < inner; k++) {
        let a = readOne(from, float, flush);
        if (scales != 0) a = scaleOne(a, scales + (<usize>k << 2), flush);
        const magnitude = reinterpret<u32>(a) & 0x7fffffff;
        top = max(top, magnitude);
        bottom = min(bottom, magnitude - 1);
        if (table) v128.store(at, tableOf(f32x4.splat(a), table));
        else store<f32>(at, a);
        from += size;
        at += step;
      }
    }
    to += step * inner;
    row += height;
  }
  if (table && rows == 1) splitTables(packed, inner);
  top = max(top, largest(tops));
  bottom = min(bottom, smallest(bottoms));
  return i32(top >= 0x7e000000) | (i32(table != 0 && bottom >= 0x127fffff && top <= 0x62800000) << 1);
}
