// Answers of VLP by table, and what became of inputs: counts by region. A table is [65536] FP32 answers by BF16 pattern, then
// [65536] bytes that name the region of each (src/kernel/placed-tables.ts).
import { exponents, rounded } from './softmax';
import { canonicalNaN } from './step';

const REGIONS: usize = 65536 * 4;

/** One in the field of each region, eight bits a field. */
const FIELDS: usize = memory.data<u64>(
  [1, 1 << 8, 1 << 16, 1 << 24, 1 << 32, 1 << 40, 1 << 48, 1 << 56],
  8,
);

/** One in the field of the region of the pattern at `at`. */
@inline
function region(values: usize, pattern: usize): u64 {
  return load<u64>(FIELDS + (<usize>load<u8>(values + REGIONS + pattern) << 3));
}

/** Adds fields to counts, u32 [8]. */
@inline
function spread(fields: u64, counts: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    const at = counts + (i << 2);
    store<u32>(at, load<u32>(at) + <u32>((fields >> (i << 3)) & 255));
  }
}

/** Counts of the live keys of softmax by region, added to counts, u32 [8]. See `softmaxLookUp`. */
export function softmaxRegions(
  patterns: usize, rows: i32, cols: i32, live: usize, table: usize, chosen: usize, counts: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const from = patterns + ((<usize>r * cols) << 1);
    const length = <usize>load<i32>(live + (<usize>r << 2));
    for (let k: usize = 0; k < length; ) {
      // A field holds 255.
      const stop = min(length, k + 255);
      let fields: u64 = 0;
      for (; k < stop; k++) {
        const values = chosen == 0 ? table : <usize>load<u32>(chosen + (k << 2));
        fields += region(values, <usize>load<u16>(from + (k << 1)));
      }
      spread(fields, counts);
    }
  }
}

/** BF16 patterns of `count` numbers; up to seven of each are read and written behind the last. */
export function elementPatterns(x: usize, count: i32, patterns: usize): void {
  for (const end = x + (<usize>count << 2); x < end; x += 32, patterns += 16) {
    const low = i32x4.shr_u(rounded(canonicalNaN(v128.load(x))), 16);
    const high = i32x4.shr_u(rounded(canonicalNaN(v128.load(x, 16))), 16);
    v128.store(patterns, i16x8.narrow_i32x4_u(low, high));
  }
}

/** Extreme of eight lanes. */
@inline
function extreme(a: v128, largest: i32): i32 {
  let all = a;
  const b = i8x16.shuffle(all, all, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  all = largest ? i16x8.max_u(all, b) : i16x8.min_u(all, b);
  const c = i8x16.shuffle(all, all, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  all = largest ? i16x8.max_u(all, c) : i16x8.min_u(all, c);
  const d = i8x16.shuffle(all, all, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  return i16x8.extract_lane_u(largest ? i16x8.max_u(all, d) : i16x8.min_u(all, d), 0);
}

/** The places of eight lanes, of which those below a limit are used. */
const PLACES: usize = memory.data<u16>([0, 1, 2, 3, 4, 5, 6, 7], 16);

/** The table of `count` inputs that share a window: as `softmaxWindows` for one key. */
function windowOf(patterns: usize, count: i32, drop: i32, largest: i32, tables: usize): usize {
  const none = i16x8.splat(largest ? 0 : 256);
  let found = none;
  for (let k = 0; k < count; k += 8) {
    let here = exponents(v128.load(patterns + (<usize>k << 1)), drop, none);
    if (count - k < 8) {
      here = v128.bitselect(here, none, i16x8.lt_u(v128.load(PLACES), i16x8.splat(<i16>(count - k))));
    }
    found = largest ? i16x8.max_u(found, here) : i16x8.min_u(found, here);
  }
  return load<u32>(tables + (<usize>(extreme(found, largest) & 255) << 2));
}

/**
 * Answers to rows [rows × cols] of patterns; `group` inputs of a row share a window. out: FP32 [rows × cols].
 * @param table the table of all, or 0: then `tables` says by biased exponent which (0: of no live input)
 * @param counts u32 [8], added to
 */
export function elementAnswers(
  patterns: usize, rows: i32, cols: i32, group: i32, drop: i32, largest: i32, table: usize, tables: usize, out: usize, counts: usize,
): void {
  for (let r = 0; r < rows; r++) {
    for (let first = 0; first < cols; first += group) {
      const count = min(group, cols - first);
      const values = table != 0 ? table : windowOf(patterns, count, drop, largest, tables);
      for (let k = 0; k < count; ) {
        const stop = min(count, k + 255);
        let fields: u64 = 0;
        for (; k < stop; k++) {
          const pattern = <usize>load<u16>(patterns);
          store<f32>(out, load<f32>(values + (pattern << 2)));
          fields += region(values, pattern);
          patterns += 2;
          out += 4;
        }
        spread(fields, counts);
      }
    }
  }
}
