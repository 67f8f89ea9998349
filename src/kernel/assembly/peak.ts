// What the engine and the machine can do at most, for the benchmark: nothing but arithmetic in registers, and
// nothing but reading.
import { scaling, splitFused, splitter } from './split';
import { FUSED, MULTIPLY_ADD, step } from './step';

/** A sum of two BF16, rounded to BF16: what a product from a table takes beside being loaded. */
const ADD_ROUND: i32 = -1;

@inline
function turn(mode: i32, a: v128, x: v128, less: v128, power: v128): v128 {
  return mode == ADD_ROUND ? splitFused(f32x4.add(a, x), less, power) : step(mode, false, a, x, x, x, x, x);
}

@inline
function chains(mode: i32, count: i32, x: v128): f32 {
  const less = splitter();
  const power = scaling();
  let a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
  for (let n = 0; n < count; n++) {
    a = turn(mode, a, x, less, power);
    b = turn(mode, b, x, less, power);
    c = turn(mode, c, x, less, power);
    d = turn(mode, d, x, less, power);
    e = turn(mode, e, x, less, power);
    f = turn(mode, f, x, less, power);
    g = turn(mode, g, x, less, power);
    h = turn(mode, h, x, less, power);
    i = turn(mode, i, x, less, power);
    j = turn(mode, j, x, less, power);
    k = turn(mode, k, x, less, power);
    l = turn(mode, l, x, less, power);
  }
  a = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return f32x4.extract_lane(f32x4.add(a, f32x4.add(f32x4.add(i, j), f32x4.add(k, l))), 0);
}

/** 48·count operations in twelve independent chains: products, then sums (0), both as one (1), or sums and roundings (2). */
export function peakArithmetic(kind: i32, count: i32, x: f32): f32 {
  if (kind == 2) return chains(ADD_ROUND, count, f32x4.splat(x));
  return kind ? chains(FUSED, count, f32x4.splat(x)) : chains(MULTIPLY_ADD, count, f32x4.splat(x));
}

/** Reads `bytes`, a multiple of 64. */
export function peakRead(from: usize, bytes: usize): i32 {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  const end = from + bytes;
  while (from < end) {
    a = v128.xor(a, v128.load(from));
    b = v128.xor(b, v128.load(from, 16));
    c = v128.xor(c, v128.load(from, 32));
    d = v128.xor(d, v128.load(from, 48));
    from += 64;
  }
  return i32x4.extract_lane(v128.xor(v128.xor(a, b), v128.xor(c, d)), 0);
}
