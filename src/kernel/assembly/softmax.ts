// VLP softmax on FP32 scores: differences to the row maximum as BF16 patterns, answers from a table, sums in key
// order, and the product with the reciprocal. Everything but the lookups is done eight or four keys at once.

/** Pattern of −∞: entries that take no part. */
const EXCLUDED: u32 = 0xff80;

/** Largest of `count` scores; NaN if one is NaN. */
export function maximum(x: usize, count: i32): f32 {
  let a = f32x4.splat(-Infinity);
  let b = a;
  const vectors = count >> 3;
  let at = x;
  for (let i = 0; i < vectors; i++) {
    a = f32x4.max(a, v128.load(at));
    b = f32x4.max(b, v128.load(at, 16));
    at += 32;
  }
  a = f32x4.max(a, b);
  let m = max(max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)), max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)));
  for (const end = x + (<usize>count << 2); at < end; at += 4) m = max(m, load<f32>(at));
  return m;
}

/** The upper half that rounding to nearest even leaves of FP32 words, lower halves to be dropped. */
@inline
export function rounded(words: v128): v128 {
  const lowest = v128.and(i32x4.shr_u(words, 16), i32x4.splat(1));
  return i32x4.add(words, i32x4.add(lowest, i32x4.splat(0x7fff)));
}

/** BF16(BF16(x) − m) as patterns in the lower halves. */
@inline
function differences(words: v128, m: v128): v128 {
  const score = v128.and(rounded(words), i32x4.splat(0xffff0000));
  return i32x4.shr_u(rounded(f32x4.sub(score, m)), 16);
}

function fill(to: usize, count: i32, pattern: u32): void {
  for (let k = 0; k < count; k++) store<u16>(to + (<usize>k << 1), pattern);
}

/** Patterns of score − maximum of one row: `length` live keys, then exclusions up to `cols`. */
function rowPatterns(x: usize, length: i32, cols: i32, to: usize): void {
  const m = maximum(x, length);
  fill(to + (<usize>length << 1), cols - length, EXCLUDED);
  if (m != m || m == Infinity) return fill(to, length, 0x7fc0);
  const word = reinterpret<u32>(m);
  const top = reinterpret<f32>((word + 0x7fff + ((word >> 16) & 1)) & 0xffff0000);
  // Scores that round to −∞ are that.
  if (top == -Infinity) return fill(to, length, EXCLUDED);
  const tops = f32x4.splat(top);
  let k = 0;
  for (; k + 8 <= length; k += 8) {
    const low = differences(v128.load(x + (<usize>k << 2)), tops);
    const high = differences(v128.load(x + (<usize>k << 2), 16), tops);
    v128.store(to + (<usize>k << 1), i16x8.narrow_i32x4_u(low, high));
  }
  for (; k < length; k++) {
    const one = differences(v128.load32_zero(x + (<usize>k << 2)), tops);
    store<u16>(to + (<usize>k << 1), i32x4.extract_lane(one, 0));
  }
}

/** Patterns of all rows. lengths: i32 [rows]. */
export function softmaxPatterns(x: usize, lengths: usize, rows: i32, cols: i32, patterns: usize): void {
  for (let r = 0; r < rows; r++) {
    const first = <usize>r * cols;
    rowPatterns(x + (first << 2), load<i32>(lengths + (<usize>r << 2)), cols, patterns + (first << 1));
  }
}

/** Biased exponents of eight magnitudes after rounding to 7 − drop mantissa bits; `none` where not live. */
@inline
export function exponents(patterns: v128, drop: i32, none: v128): v128 {
  const magnitude = v128.and(patterns, i16x8.splat(0x7fff));
  const half: i32 = ((1 << drop) >> 1) - 1;
  const lowest = v128.and(i16x8.shr_u(magnitude, drop), i16x8.splat(1));
  const up = drop == 0 ? i16x8.splat(0) : i16x8.add(lowest, i16x8.splat(<i16>half));
  const live = v128.and(i16x8.ge_u(magnitude, i16x8.splat(0x80)), i16x8.lt_u(magnitude, i16x8.splat(0x7f80)));
  return v128.bitselect(i16x8.shr_u(i16x8.add(magnitude, up), 7), none, live);
}

/** Extreme exponent among `rows` rows at eight keys. */
function extremes(at: usize, rows: i32, stride: usize, drop: i32, largest: i32): v128 {
  const none = i16x8.splat(largest ? 0 : 256);
  let extreme = none;
  for (let r = 0; r < rows; r++) {
    const here = exponents(v128.load(at), drop, none);
    extreme = largest ? i16x8.max_u(extreme, here) : i16x8.min_u(extreme, here);
    at += stride;
  }
  return extreme;
}

/**
 * The table of every key: tables[e], e the biased exponent, after rounding the mantissa to 7 − drop bits, of the
 * largest (or smallest) live input among the rows; 0 if there is none. Patterns must be readable for 7 keys more.
 */
export function softmaxWindows(
  patterns: usize, rows: i32, cols: i32, drop: i32, largest: i32, tables: usize, chosen: usize,
): void {
  const stride = <usize>cols << 1;
  for (let key = 0; key < cols; key += 8) {
    let extreme = extremes(patterns + (<usize>key << 1), rows, stride, drop, largest);
    const end = min(key + 8, cols);
    for (let k = key; k < end; k++) {
      const exponent = i16x8.extract_lane_u(extreme, 0);
      store<u32>(chosen + (<usize>k << 2), load<u32>(tables + (<usize>(exponent & 255) << 2)));
      extreme = i8x16.shuffle(extreme, extreme, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
    }
  }
}

/** Answers of four rows side by side, so that the loads of one do not wait for those of another. */
export function softmaxLookUp(
  patterns: usize, rows: i32, cols: i32, live: usize, table: usize, chosen: usize, out: usize,
): void {
  for (let r = 0; r < rows; r += 4) {
    // Rows past the last one repeat it: the same values are written again.
    const r1 = min(r + 1, rows - 1);
    const r2 = min(r + 2, rows - 1);
    const r3 = min(r + 3, rows - 1);
    const count = max(
      max(load<i32>(live + (<usize>r << 2)), load<i32>(live + (<usize>r1 << 2))),
      max(load<i32>(live + (<usize>r2 << 2)), load<i32>(live + (<usize>r3 << 2))),
    );
    const p0 = patterns + ((<usize>r * cols) << 1);
    const p1 = patterns + ((<usize>r1 * cols) << 1);
    const p2 = patterns + ((<usize>r2 * cols) << 1);
    const p3 = patterns + ((<usize>r3 * cols) << 1);
    const o0 = out + ((<usize>r * cols) << 2);
    const o1 = out + ((<usize>r1 * cols) << 2);
    const o2 = out + ((<usize>r2 * cols) << 2);
    const o3 = out + ((<usize>r3 * cols) << 2);
    for (let k: usize = 0; k < <usize>count; k++) {
      const values = chosen == 0 ? table : <usize>load<u32>(chosen + (k << 2));
      const a = load<f32>(values + (<usize>load<u16>(p0 + (k << 1)) << 2));
      const b = load<f32>(values + (<usize>load<u16>(p1 + (k << 1)) << 2));
      const c = load<f32>(values + (<usize>load<u16>(p2 + (k << 1)) << 2));
      const d = load<f32>(values + (<usize>load<u16>(p3 + (k << 1)) << 2));
      store<f32>(o0 + (k << 2), a);
      store<f32>(o1 + (k << 2), b);
      store<f32>(o2 + (k << 2), c);
      store<f32>(o3 + (k << 2), d);
    }
    const rest = <usize>(cols - count) << 2;
    const from = <usize>count << 2;
    memory.fill(o0 + from, 0, rest);
    memory.fill(o1 + from, 0, rest);
    memory.fill(o2 + from, 0, rest);
    memory.fill(o3 + from, 0, rest);
  }
}

/** out ← BF16(out·factor), a factor a row. */
export function softmaxScale(out: usize, rows: i32, cols: i32, factors: usize): void {
  const high = i32x4.splat(0xffff0000);
  for (let r = 0; r < rows; r++) {
    const factor = load<f32>(factors + (<usize>r << 2));
    const splat = f32x4.splat(factor);
    let at = out + ((<usize>r * cols) << 2);
    const end = at + (<usize>cols << 2);
    for (; at + 16 <= end; at += 16) v128.store(at, v128.and(rounded(f32x4.mul(v128.load(at), splat)), high));
    for (; at < end; at += 4) {
      const word = reinterpret<u32>(load<f32>(at) * factor);
      store<u32>(at, (word + 0x7fff + ((word >> 16) & 1)) & 0xffff0000);
    }
  }
}
