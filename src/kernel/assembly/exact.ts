// Softmax and activations in double precision, rounded once to FP32; the definitions are src/vlp/exact-softmax.ts and
// src/vlp/function.ts.
import { erfc, exp, high, join, low, sigmoid } from './exp';
import { maximum } from './softmax';

/** Elements of a block of `exactActivation`. */
const BLOCK: i32 = 1024;

// Functions, by their place in src/kernel/vector.ts.
const SILU: i32 = 0;
const GELU: i32 = 1;
const GELU_TANH: i32 = 2;
const GELU_QUICK: i32 = 3;

/** √(2/π) and √½ as JavaScript has them. */
const TWICE_ROOT: f64 = 2 * 0.7978845608028654;
const ROOT_HALF: f64 = 0.7071067811865476;

@inline
function activated(fn: i32, x: v128, series: usize, terms: i32): v128 {
  let y: v128;
  if (fn == SILU) y = f64x2.mul(x, sigmoid(x));
  else if (fn == GELU_QUICK) y = f64x2.mul(x, sigmoid(f64x2.mul(f64x2.splat(1.702), x)));
  else if (fn == GELU_TANH) {
    const cube = f64x2.mul(f64x2.mul(x, x), x);
    const inner = f64x2.add(x, f64x2.mul(f64x2.splat(0.044715), cube));
    y = f64x2.mul(x, sigmoid(f64x2.mul(f64x2.splat(TWICE_ROOT), inner)));
  } else {
    const half = f64x2.mul(f64x2.splat(0.5), x);
    y = f64x2.mul(half, erfc(f64x2.mul(f64x2.neg(x), f64x2.splat(ROOT_HALF)), series, terms));
  }
  return v128.andnot(y, f64x2.eq(x, f64x2.splat(-Infinity)));
}

@inline
function activateAll(fn: i32, x: usize, end: usize, series: usize, terms: i32): void {
  for (; x < end; x += 16) {
    const a = v128.load(x);
    v128.store(x, join(activated(fn, low(a), series, terms), activated(fn, high(a), series, terms)));
  }
}

/**
 * Blocks [begin, end) of `count` activations, in place; up to three floats behind the last are overwritten.
 * @param series coefficients of erfc, which only its GELU reads
 */
export function exactActivation(
  begin: i32, end: i32, scratch: usize, fn: i32, x: usize, count: i32, series: usize, terms: i32,
): void {
  const from = x + (<usize>(begin * BLOCK) << 2);
  const to = x + (<usize>min(end * BLOCK, count) << 2);
  if (fn == SILU) activateAll(SILU, from, to, series, terms);
  else if (fn == GELU) activateAll(GELU, from, to, series, terms);
  else if (fn == GELU_TANH) activateAll(GELU_TANH, from, to, series, terms);
  else activateAll(GELU_QUICK, from, to, series, terms);
}

/** One row: the first `length` scores to probabilities. Sums go by the place of an element modulo 4. */
function exactRow(x: usize, length: i32): void {
  const m = maximum(x, length);
  // A row whose largest entry is −∞ has nothing to be measured against: all e^−∞.
  const origin = f64x2.splat(m == -Infinity ? 0 : m);
  const last = x + (<usize>(length & ~3) << 2);
  let a = f64x2.splat(0);
  let b = a;
  let at = x;
  for (; at < last; at += 16) {
    const four = v128.load(at);
    const lower = exp(f64x2.sub(low(four), origin));
    const upper = exp(f64x2.sub(high(four), origin));
    a = f64x2.add(a, lower);
    b = f64x2.add(b, upper);
    v128.store(at, join(lower, upper));
  }
  const rest = length & 3;
  let tail = f32x4.splat(-Infinity);
  if (rest > 0) {
    tail = v128.load32_lane(at, tail, 0);
    if (rest > 1) tail = v128.load32_lane(at, tail, 1, 4);
    if (rest > 2) tail = v128.load32_lane(at, tail, 2, 8);
    const lower = exp(f64x2.sub(low(tail), origin));
    const upper = exp(f64x2.sub(high(tail), origin));
    a = f64x2.add(a, lower);
    b = f64x2.add(b, upper);
    tail = join(lower, upper);
  }
  const both = f64x2.add(a, b);
  const sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  const factor = f64x2.splat(sum == 0 ? 0 : 1 / sum);
  for (at = x; at < last; at += 16) {
    const four = v128.load(at);
    v128.store(at, join(f64x2.mul(low(four), factor), f64x2.mul(high(four), factor)));
  }
  if (rest > 0) {
    tail = join(f64x2.mul(low(tail), factor), f64x2.mul(high(tail), factor));
    v128.store32_lane(at, tail, 0);
    if (rest > 1) v128.store32_lane(at, tail, 1, 4);
    if (rest > 2) v128.store32_lane(at, tail, 2, 8);
  }
}

/** Rows [begin, end) of x [rows × cols] in place; entries behind the first lengths[r], i32 [rows], become 0. */
export function exactSoftmax(begin: i32, end: i32, scratch: usize, x: usize, lengths: usize, cols: i32): void {
  for (let r = begin; r < end; r++) {
    const row = x + ((<usize>r * cols) << 2);
    const length = load<i32>(lengths + (<usize>r << 2));
    exactRow(row, length);
    memory.fill(row + (<usize>length << 2), 0, <usize>(cols - length) << 2);
  }
}
