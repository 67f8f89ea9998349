// Norms, rotations and element-wise arithmetic of rows; the definitions are src/kernel/vector.ts.
import { high, join, low } from './exp';
import { halfUnit, highHalves, roundBf16 } from './step';

// What `combine` does, by its place in src/kernel/wasm-vector.ts.
const ADD: i32 = 0;
const MULTIPLY: i32 = 1;
const SCALE: i32 = 2;
const ROUND: i32 = 3;

/** RNE to BF16; infinities and NaN stay what they are. */
@inline
function rounded(x: v128, half: v128, highest: v128): v128 {
  const infinite = i32x4.splat(0x7f800000);
  return v128.bitselect(x, roundBf16(x, half, highest), i32x4.eq(v128.and(x, infinite), infinite));
}

@inline
function combineAll(what: i32, round: bool, x: usize, end: usize, y: usize, factor: v128): void {
  const half = halfUnit();
  const highest = highHalves();
  for (; x < end; x += 16, y += 16) {
    let a = v128.load(x);
    if (what == ADD) a = f32x4.add(a, v128.load(y));
    else if (what == MULTIPLY) a = f32x4.mul(a, v128.load(y));
    else if (what == SCALE) a = join(f64x2.mul(low(a), factor), f64x2.mul(high(a), factor));
    v128.store(x, round ? rounded(a, half, highest) : a);
  }
}

/**
 * Blocks [begin, end), of `block` each, of `count` elements: x + y, x·y or x times the double at y, rounded to FP32 and then, if asked, to
 * BF16, in place; up to three floats behind the last are overwritten.
 */
export function combine(
  begin: i32, end: i32, scratch: usize, block: i32, what: i32, round: i32, x: usize, y: usize, count: i32,
): void {
  const offset = <usize>(begin * block) << 2;
  const from = x + offset;
  const to = x + (<usize>min(end * block, count) << 2);
  const by = y + offset;
  if (what == ADD) {
    if (round) combineAll(ADD, true, from, to, by, i32x4.splat(0));
    else combineAll(ADD, false, from, to, by, i32x4.splat(0));
  } else if (what == MULTIPLY) {
    if (round) combineAll(MULTIPLY, true, from, to, by, i32x4.splat(0));
    else combineAll(MULTIPLY, false, from, to, by, i32x4.splat(0));
  } else if (what == SCALE) {
    const factor = v128.load64_splat(y);
    if (round) combineAll(SCALE, true, from, to, by, factor);
    else combineAll(SCALE, false, from, to, by, factor);
  } else combineAll(ROUND, true, from, to, by, i32x4.splat(0));
}

@inline
function total(a: v128, b: v128): f64 {
  const both = f64x2.add(a, b);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Doubles 0 and 1, or 2 and 3, of the four floats at x; those behind `left` are `beyond`. */
@inline
function loadFour(x: usize, left: i32, beyond: f32): v128 {
  if (left >= 4) return v128.load(x);
  let four = v128.load32_lane(x, f32x4.splat(beyond), 0);
  if (left > 1) four = v128.load32_lane(x, four, 1, 4);
  return left > 2 ? v128.load32_lane(x, four, 2, 8) : four;
}

@inline
function storeFour(y: usize, four: v128, left: i32): void {
  if (left >= 4) return v128.store(y, four);
  v128.store32_lane(y, four, 0);
  if (left > 1) v128.store32_lane(y, four, 1, 4);
  if (left > 2) v128.store32_lane(y, four, 2, 8);
}

/** Sum of (x − mean)² over a row, by the place of an element modulo 4. */
function squares(x: usize, width: i32, mean: f64): f64 {
  const middle = f64x2.splat(mean);
  let a = f64x2.splat(0);
  let b = a;
  for (let i = 0; i < width; i += 4, x += 16) {
    const four = loadFour(x, width - i, 0);
    let lower = f64x2.sub(low(four), middle);
    let upper = f64x2.sub(high(four), middle);
    // What lies behind the row adds nothing.
    if (width - i < 4) {
      if (width - i < 2) lower = f64x2.replace_lane(lower, 1, 0);
      upper = width - i < 3 ? f64x2.splat(0) : f64x2.replace_lane(upper, 1, 0);
    }
    a = f64x2.add(a, f64x2.mul(lower, lower));
    b = f64x2.add(b, f64x2.mul(upper, upper));
  }
  return total(a, b);
}

function sum(x: usize, width: i32): f64 {
  let a = f64x2.splat(0);
  let b = a;
  for (let i = 0; i < width; i += 4, x += 16) {
    const four = loadFour(x, width - i, 0);
    a = f64x2.add(a, low(four));
    b = f64x2.add(b, high(four));
  }
  return total(a, b);
}

/**
 * Norms of rows [begin, end) of x [rows × width], in place: LayerNorm where there is a bias, else RMSNorm.
 * @param epsilon address of a double
 */
export function normalise(
  begin: i32, end: i32, scratch: usize, x: usize, width: i32, weight: usize, bias: usize, epsilon: usize,
): void {
  for (let r = begin; r < end; r++) {
    const row = x + ((<usize>r * width) << 2);
    const mean = bias == 0 ? 0 : sum(row, width) / <f64>width;
    const factor = f64x2.splat(1 / sqrt<f64>(squares(row, width, mean) / <f64>width + load<f64>(epsilon)));
    const middle = f64x2.splat(mean);
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const left = width - i;
      const four = loadFour(row + at, left, 0);
      const by = loadFour(weight + at, left, 0);
      let lower = f64x2.mul(f64x2.mul(f64x2.sub(low(four), middle), factor), low(by));
      let upper = f64x2.mul(f64x2.mul(f64x2.sub(high(four), middle), factor), high(by));
      if (bias != 0) {
        const add = loadFour(bias + at, left, 0);
        lower = f64x2.add(lower, low(add));
        upper = f64x2.add(upper, high(add));
      }
      storeFour(row + at, join(lower, upper), left);
    }
  }
}

/** a·cos − b·sin and a·sin + b·cos, in double precision, to FP32. */
@inline
function turn(a: v128, b: v128, cos: v128, sin: v128, first: bool): v128 {
  const lower = first
    ? f64x2.sub(f64x2.mul(low(a), low(cos)), f64x2.mul(low(b), low(sin)))
    : f64x2.add(f64x2.mul(low(a), low(sin)), f64x2.mul(low(b), low(cos)));
  const upper = first
    ? f64x2.sub(f64x2.mul(high(a), high(cos)), f64x2.mul(high(b), high(sin)))
    : f64x2.add(f64x2.mul(high(a), high(sin)), f64x2.mul(high(b), high(cos)));
  return join(lower, upper);
}

/**
 * Rotates pairs of rows [begin, end) of x [rows × heads·width], in place: elements i and i + pairs of a head, or 2i and
 * 2i + 1 where they are neighbours. cos, sin: [rows × pairs].
 */
export function rotate(
  begin: i32, end: i32, scratch: usize, x: usize, heads: i32, width: i32, pairs: i32, neighbours: i32, cos: usize, sin: usize,
): void {
  for (let r = begin; r < end; r++) {
    const angles = (<usize>r * pairs) << 2;
    for (let h = 0; h < heads; h++) {
      const head = x + ((<usize>(r * heads + h) * width) << 2);
      for (let i = 0; i < pairs; i += 4) {
        const left = pairs - i;
        const at = <usize>i << 2;
        const c = loadFour(cos + angles + at, left, 0);
        const s = loadFour(sin + angles + at, left, 0);
        if (neighbours) {
          const p = loadFour(head + 2 * at, 2 * left, 0);
          const q = left > 2 ? loadFour(head + 2 * at + 16, 2 * left - 4, 0) : p;
          const a = v128.shuffle<i32>(p, q, 0, 2, 4, 6);
          const b = v128.shuffle<i32>(p, q, 1, 3, 5, 7);
          const even = turn(a, b, c, s, true);
          const odd = turn(a, b, c, s, false);
          storeFour(head + 2 * at, v128.shuffle<i32>(even, odd, 0, 4, 1, 5), 2 * left);
          if (left > 2) storeFour(head + 2 * at + 16, v128.shuffle<i32>(even, odd, 2, 6, 3, 7), 2 * left - 4);
        } else {
          const partner = head + at + (<usize>pairs << 2);
          const a = loadFour(head + at, left, 0);
          const b = loadFour(partner, left, 0);
          storeFour(head + at, turn(a, b, c, s, true), left);
          storeFour(partner, turn(a, b, c, s, false), left);
        }
      }
    }
  }
}
