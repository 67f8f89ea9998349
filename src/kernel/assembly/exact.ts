// Softmax and activations in double precision, rounded once to FP32; the definitions are src/vlp/exact-softmax.ts and
// src/vlp/exact-activations.ts.
import { argument, clenshaw, constants, constantsAgain, erfc, exp, high, join, low, sigmoid } from './exp';
import { maximum } from './softmax';

// Functions, by their place in src/vlp/exact-activations.ts.
const SILU: i32 = 0;
const GELU: i32 = 1;
const GELU_TANH: i32 = 2;
const GELU_QUICK: i32 = 3;

/** √(2/π) and √½ as JavaScript has them. */
const TWICE_ROOT: f64 = 2 * 0.7978845608028654;
const ROOT_HALF: f64 = 0.7071067811865476;

@inline
function activated(fn: i32, at: usize, x: v128): v128 {
  let inner = x;
  if (fn == GELU_QUICK) inner = f64x2.mul(f64x2.splat(1.702), x);
  else if (fn == GELU_TANH) {
    const cube = f64x2.mul(f64x2.mul(x, x), x);
    inner = f64x2.mul(f64x2.splat(TWICE_ROOT), f64x2.add(x, f64x2.mul(f64x2.splat(0.044715), cube)));
  }
  return gated(f64x2.mul(x, sigmoid(at, inner)), x);
}

/** The result y of x, but 0 at −∞. */
@inline
function gated(y: v128, x: v128): v128 {
  return v128.andnot(y, f64x2.eq(x, f64x2.splat(-Infinity)));
}

@inline
function activateAll(fn: i32, x: usize, end: usize): void {
  const lower = constants();
  const upper = constantsAgain();
  for (; x < end; x += 16) {
    const a = v128.load(x);
    v128.store(x, join(activated(fn, lower, low(a)), activated(fn, upper, high(a))));
  }
}

/** What GELU asks of erfc. */
@inline
function asked(x: v128): v128 {
  return f64x2.mul(f64x2.neg(x), f64x2.splat(ROOT_HALF));
}

@inline
function gelu(at: usize, x: v128, first: v128, b1: v128, b2: v128): v128 {
  return gated(f64x2.mul(f64x2.mul(f64x2.splat(0.5), x), erfc(at, asked(x), first, b1, b2)), x);
}

/** GELU of eight at a time, since each recurrence waits for itself. */
function geluAll(x: usize, end: usize, series: usize, terms: i32): void {
  const last = series + (<usize>(terms - 1) << 3);
  const lower = constants();
  const upper = constantsAgain();
  for (; x < end; x += 32) {
    const u0 = argument(asked(low(v128.load(x))));
    const u1 = argument(asked(high(v128.load(x))));
    const u2 = argument(asked(low(v128.load(x, 16))));
    const u3 = argument(asked(high(v128.load(x, 16))));
    let p0 = f64x2.splat(0);
    let p1 = p0;
    let p2 = p0;
    let p3 = p0;
    let q0 = p0;
    let q1 = p0;
    let q2 = p0;
    let q3 = p0;
    for (let at = last; at > series; at -= 8) {
      const c = v128.load64_splat(at);
      const n0 = clenshaw(c, u0, p0, q0);
      const n1 = clenshaw(c, u1, p1, q1);
      const n2 = clenshaw(c, u2, p2, q2);
      const n3 = clenshaw(c, u3, p3, q3);
      q0 = p0;
      q1 = p1;
      q2 = p2;
      q3 = p3;
      p0 = n0;
      p1 = n1;
      p2 = n2;
      p3 = n3;
    }
    const first = v128.load64_splat(series);
    const a = v128.load(x);
    v128.store(x, join(gelu(lower, low(a), first, p0, q0), gelu(upper, high(a), first, p1, q1)));
    const b = v128.load(x, 16);
    v128.store(x, join(gelu(lower, low(b), first, p2, q2), gelu(upper, high(b), first, p3, q3)), 16);
  }
}

/**
 * Blocks [begin, end), of `block` each, of `count` activations, in place; up to seven floats behind the last are overwritten.
 * @param series coefficients of erfc (src/number/erf.ts), which only its GELU reads
 */
export function exactActivation(
  begin: i32, end: i32, scratch: usize, block: i32, fn: i32, x: usize, count: i32, series: usize, terms: i32,
): void {
  const from = x + (<usize>(begin * block) << 2);
  const to = x + (<usize>min(end * block, count) << 2);
  if (fn == SILU) activateAll(SILU, from, to);
  else if (fn == GELU) geluAll(from, to, series, terms);
  else if (fn == GELU_TANH) activateAll(GELU_TANH, from, to);
  else activateAll(GELU_QUICK, from, to);
}

/** One row: the first `length` scores to probabilities. Sums go by the place of an element modulo 4. */
function exactRow(x: usize, length: i32): void {
  const first = constants();
  const second = constantsAgain();
  const m = maximum(x, length);
  // A row whose largest entry is −∞ has nothing to be measured against: all e^−∞.
  const origin = f64x2.splat(m == -Infinity ? 0 : m);
  const last = x + (<usize>(length & ~3) << 2);
  let a = f64x2.splat(0);
  let b = a;
  let at = x;
  for (; at < last; at += 16) {
    const four = v128.load(at);
    const lower = exp(first, f64x2.sub(low(four), origin));
    const upper = exp(second, f64x2.sub(high(four), origin));
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
    const lower = exp(first, f64x2.sub(low(tail), origin));
    const upper = exp(second, f64x2.sub(high(tail), origin));
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
