// BF16 × INT4 GEMM on arrays that add vectors of neighbouring products by themselves, before a BF16 accumulator takes the
// sum: columns of systolic arrays, adder trees, FIGNA's integers. The definition is src/vlp/vector-sum.ts.
import { expandInt4 } from './expand';
import { addChain, EMPTY, fill, finish } from './int4-gemm';
import { readOne, scaleOne } from './pack';
import { canonicalNaN, flushSubnormal, halfUnit, highHalves, roundBf16, SIGNS } from './step';

// Orders of src/kernel/wasm.ts.
const CHAIN: i32 = 1;
const TREE: i32 = 2;

/** Bytes of a vector's activations; partial sums of a tree follow, of four columns a level. */
const VECTOR: usize = 1024;

@inline
function rounded(x: v128, flush: bool): v128 {
  const sum = roundBf16(canonicalNaN(x), halfUnit(), highHalves());
  return flush ? flushSubnormal(sum) : sum;
}

@inline
function product(a: usize, k: i32, column: usize): v128 {
  return roundBf16(
    canonicalNaN(f32x4.mul(v128.load32_splat(a + (<usize>k << 2)), v128.load(column + (<usize>k << 7)))), halfUnit(), highHalves(),
  );
}

function chainOf(a: usize, count: i32, column: usize, flush: bool): v128 {
  let sum = i32x4.splat(0);
  for (let k = 0; k < count; k++) sum = rounded(f32x4.add(sum, product(a, k, column)), flush);
  return sum;
}

/** Sums of complete subtrees wait at their level; at the end those of a shorter vector are joined from the right. */
function treeOf(a: usize, count: i32, column: usize, levels: usize, flush: bool): v128 {
  for (let k = 0; k < count; k++) {
    let sum = product(a, k, column);
    let at = levels;
    for (let rest = k; rest & 1; rest >>= 1, at += 16) sum = rounded(f32x4.add(v128.load(at), sum), flush);
    v128.store(at, sum);
  }
  let sum = i32x4.splat(0);
  let empty = true;
  for (let rest = count, at = levels; rest > 0; rest >>= 1, at += 16) {
    if ((rest & 1) == 0) continue;
    sum = empty ? v128.load(at) : rounded(f32x4.add(v128.load(at), sum), flush);
    empty = false;
  }
  return sum;
}

/** Whole numbers below 2^24 times INT4, so that every sum is exact; rounded once, and results below the normal range zero. */
function integerOf(a: usize, count: i32, column: usize, unit: f32): v128 {
  let sum = i32x4.splat(0);
  for (let k = 0; k < count; k++) {
    const term = f32x4.mul(v128.load32_splat(a + (<usize>k << 2)), v128.load(column + (<usize>k << 7)));
    sum = f32x4.add(sum, term);
  }
  const whole = roundBf16(sum, halfUnit(), highHalves());
  return flushSubnormal(canonicalNaN(f32x4.mul(whole, f32x4.splat(unit))));
}

/** Activations to whole numbers of the last place that is kept of the largest; returns that place, or NaN. */
function align(a: usize, count: i32, guard: i32): f32 {
  let top: u32 = 0;
  for (let k = 0; k < count; k++) top = max(top, load<u32>(a + (<usize>k << 2)) & 0x7f800000);
  if (top == 0x7f800000) return f32.NaN;
  // 2^(exponent − 127 − 7 − guard), of which the smallest is subnormal in FP32.
  const place = <i64>(top >>> 23) - 134 - guard;
  const unit = reinterpret<f64>((place + 1023) << 52);
  for (let k = 0; k < count; k++) {
    const at = a + (<usize>k << 2);
    store<f32>(at, <f32>trunc<f64>(<f64>load<f32>(at) / unit));
  }
  return <f32>unit;
}

/**
 * Panels [begin, end). scratch: 2·SIGNS bytes for an expanded vector, then sums [rows][32], a vector, a tree.
 * @param order CHAIN, TREE or integer
 * @param outer whether scales [panel ∕ share][width] are multiplied into the activations; else they follow the sums
 * @param float whether the activations x, row-major, are FP32, to be rounded, or BF16 patterns
 */
export function gemmInt4Vector(
  begin: i32, end: i32, scratch: usize, order: i32, lanes: i32, guard: i32, flush: i32, outer: i32, share: i32, x: usize,
  float: i32, rows: i32, inner: i32, width: i32, group: i32, chain: i32, codes: usize, scales: usize, c: usize, stride: usize,
): void {
  const sums = scratch + 2 * SIGNS;
  const a = sums + (<usize>rows << 7);
  const levels = a + VECTOR;
  const size: usize = float ? 4 : 2;
  const held = (width + group - 1) / group;
  const flushes = flush != 0;
  fill(sums, rows, 128, 0);
  for (let panel = begin; panel < end; panel++) {
    const out = c + (<usize>panel << 7);
    const column = codes + ((<usize>panel * width) << 4);
    const before = outer ? scales + ((<usize>(panel / share) * width) << 2) : 0;
    fill(out, rows, stride, EMPTY);
    for (let start = 0; start < inner; ) {
      const g = start / group;
      const stop = min(min(start + chain, (g + 1) * group), inner);
      for (let first = start; first < stop; first += lanes) {
        const count = min(lanes, stop - first);
        expandInt4(false, column + (<usize>first << 4), scratch, count);
        for (let row = 0; row < rows; row++) {
          const from = x + (<usize>row * inner + first) * size;
          for (let k = 0; k < count; k++) {
            let value = readOne(from + <usize>k * size, float != 0, flushes);
            if (before != 0) value = scaleOne(value, before + (<usize>(first + k) << 2), flushes);
            // FIGNA's front end reads subnormals as zero.
            if (order > TREE && abs(value) < f32.MIN_NORMAL_VALUE) value = copysign<f32>(0, value);
            store<f32>(a + (<usize>k << 2), value);
          }
          const unit = order > TREE ? align(a, count, guard) : 1;
          const line = sums + (<usize>row << 7);
          for (let i: usize = 0; i < 128; i += 16) {
            let sum: v128;
            if (order == CHAIN) sum = chainOf(a, count, scratch + i, flushes);
            else if (order == TREE) sum = treeOf(a, count, scratch + i, levels, flushes);
            else sum = integerOf(a, count, scratch + i, unit);
            v128.store(line + i, rounded(f32x4.add(v128.load(line + i), sum), flushes));
          }
        }
      }
      const factors = outer ? 0 : scales + ((<usize>panel * held + g) << 7);
      addChain(true, flushes, sums, factors, out, rows, stride);
      start = stop;
    }
    finish(out, rows, stride);
  }
}
