// Sums of softmax rows, four rows in the lanes of a vector; src/vlp/row-sum.ts defines them and numbers their kinds.
import { halfUnit, highHalves, roundBf16 } from './step';

const FP32: i32 = 0;
const BF16: i32 = 1;
const CHAINS: i32 = 2;
const CASCADE: i32 = 3;
/** Keys of a chain, and terms of a sum of the cascade. */
const CHAIN: i32 = 128;
const TERMS: i32 = 8;

@inline
function add(a: v128, b: v128): v128 {
  return roundBf16(f32x4.add(a, b), halfUnit(), highHalves());
}

/** Key `k` of four rows, whose first keys are at the addresses. */
@inline
function keys(o0: usize, o1: usize, o2: usize, o3: usize, k: usize): v128 {
  let x = v128.load32_zero(o0 + k);
  x = v128.load32_lane(o1 + k, x, 1);
  x = v128.load32_lane(o2 + k, x, 2);
  return v128.load32_lane(o3 + k, x, 3);
}

@inline
function serial(kind: i32, o0: usize, o1: usize, o2: usize, o3: usize, from: i32, to: i32): v128 {
  let sum = f32x4.splat(0);
  for (let k = <usize>from << 2, end = <usize>to << 2; k < end; k += 4) {
    const x = keys(o0, o1, o2, o3, k);
    sum = kind == FP32 ? f32x4.add(sum, x) : add(sum, x);
  }
  return sum;
}

function serialFp32(o0: usize, o1: usize, o2: usize, o3: usize, count: i32): v128 {
  return serial(FP32, o0, o1, o2, o3, 0, count);
}

function serialBf16(o0: usize, o1: usize, o2: usize, o3: usize, from: i32, to: i32): v128 {
  return serial(BF16, o0, o1, o2, o3, from, to);
}

function chains(o0: usize, o1: usize, o2: usize, o3: usize, count: i32): v128 {
  let total = f32x4.splat(0);
  for (let k = 0; k < count; k += CHAIN) total = add(total, serialBf16(o0, o1, o2, o3, k, min(k + CHAIN, count)));
  return total;
}

/** Four levels; a level's sum of eight goes into the next. */
function cascade(o0: usize, o1: usize, o2: usize, o3: usize, count: i32): v128 {
  const zero = f32x4.splat(0);
  let a = zero;
  let b = zero;
  let c = zero;
  let d = zero;
  for (let k = 0; k < count; k += TERMS) {
    a = serialBf16(o0, o1, o2, o3, k, min(k + TERMS, count));
    if (k + TERMS > count) break;
    const groups = k / TERMS + 1;
    b = add(b, a);
    a = zero;
    if (groups % TERMS) continue;
    c = add(c, b);
    b = zero;
    if (groups % (TERMS * TERMS)) continue;
    d = add(d, c);
    c = zero;
  }
  return add(d, add(c, add(b, a)));
}

function compensated(o0: usize, o1: usize, o2: usize, o3: usize, count: i32): v128 {
  let total = f32x4.splat(0);
  let excess = total;
  for (let k: usize = 0, end = <usize>count << 2; k < end; k += 4) {
    const term = add(keys(o0, o1, o2, o3, k), f32x4.neg(excess));
    const next = add(total, term);
    excess = add(add(next, f32x4.neg(total)), f32x4.neg(term));
    total = next;
  }
  return total;
}

/** Sums of `rows` rows of values; those past a row's live keys are +0 and change nothing. */
export function softmaxSum(values: usize, rows: i32, cols: i32, live: usize, kind: i32, sums: usize): void {
  for (let r = 0; r < rows; r += 4) {
    // Rows past the last one repeat it.
    const r1 = min(r + 1, rows - 1);
    const r2 = min(r + 2, rows - 1);
    const r3 = min(r + 3, rows - 1);
    const count = max(
      max(load<i32>(live + (<usize>r << 2)), load<i32>(live + (<usize>r1 << 2))),
      max(load<i32>(live + (<usize>r2 << 2)), load<i32>(live + (<usize>r3 << 2))),
    );
    const o0 = values + ((<usize>r * cols) << 2);
    const o1 = values + ((<usize>r1 * cols) << 2);
    const o2 = values + ((<usize>r2 * cols) << 2);
    const o3 = values + ((<usize>r3 * cols) << 2);
    let sum: v128;
    if (kind == FP32) sum = serialFp32(o0, o1, o2, o3, count);
    else if (kind == BF16) sum = serialBf16(o0, o1, o2, o3, 0, count);
    else if (kind == CHAINS) sum = chains(o0, o1, o2, o3, count);
    else if (kind == CASCADE) sum = cascade(o0, o1, o2, o3, count);
    else sum = compensated(o0, o1, o2, o3, count);
    const at = sums + (<usize>r << 2);
    store<f32>(at, f32x4.extract_lane(sum, 0));
    if (r + 1 < rows) store<f32>(at, f32x4.extract_lane(sum, 1), 4);
    if (r + 2 < rows) store<f32>(at, f32x4.extract_lane(sum, 2), 8);
    if (r + 3 < rows) store<f32>(at, f32x4.extract_lane(sum, 3), 12);
  }
}
