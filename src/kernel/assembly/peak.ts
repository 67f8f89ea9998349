// What the engine and the machine can do at most, for the benchmark: nothing but arithmetic in registers, and
// nothing but reading.
import { FUSED, MULTIPLY_ADD, step } from './step';

@inline
function chains(mode: i32, count: i32, x: v128): f32 {
  let a = f32x4.splat(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a;
  for (let n = 0; n < count; n++) {
    a = step(mode, false, a, x, x, x, x, x);
    b = step(mode, false, b, x, x, x, x, x);
    c = step(mode, false, c, x, x, x, x, x);
    d = step(mode, false, d, x, x, x, x, x);
    e = step(mode, false, e, x, x, x, x, x);
    f = step(mode, false, f, x, x, x, x, x);
    g = step(mode, false, g, x, x, x, x, x);
    h = step(mode, false, h, x, x, x, x, x);
    i = step(mode, false, i, x, x, x, x, x);
    j = step(mode, false, j, x, x, x, x, x);
  }
  a = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(f32x4.add(g, h), f32x4.add(i, j))));
  return f32x4.extract_lane(a, 0);
}

/** 40·count multiply-accumulates in ten independent chains. */
export function peakArithmetic(fused: i32, count: i32, x: f32): f32 {
  return fused ? chains(FUSED, count, f32x4.splat(x)) : chains(MULTIPLY_ADD, count, f32x4.splat(x));
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
