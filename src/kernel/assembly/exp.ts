// Exact functions in double precision, two lanes at a time; the definitions are src/number/exp.ts and src/number/erf.ts.

/** Constants of `exp`, twice each; loaded, as in step.ts. */
const CONSTANTS: usize = memory.data<f64>(
  [
    -708, -708, 709, 709, 1.4426950408889634, 1.4426950408889634, 6755399441055744, 6755399441055744,
    0.6931471803691238, 0.6931471803691238, 1.90821492927058770002e-10, 1.90821492927058770002e-10, 1, 1,
    1.0 / 2, 1.0 / 2, 1.0 / 24, 1.0 / 24, 1.0 / 720, 1.0 / 720, 1.0 / 40320, 1.0 / 40320,
    1.0 / 3628800, 1.0 / 3628800, 1.0 / 479001600, 1.0 / 479001600,
    1.0 / 6, 1.0 / 6, 1.0 / 120, 1.0 / 120, 1.0 / 5040, 1.0 / 5040, 1.0 / 362880, 1.0 / 362880,
    1.0 / 39916800, 1.0 / 39916800, 1.0 / 6227020800, 1.0 / 6227020800,
  ],
  16,
);

@inline
function constant(place: usize): v128 {
  return v128.load(CONSTANTS + (place << 4));
}

/** a + z·b */
@inline
function next(place: usize, z: v128, b: v128): v128 {
  return f64x2.add(constant(place), f64x2.mul(z, b));
}

@inline
export function one(): v128 {
  return constant(6);
}

/** e^x. NaN stays NaN: a comparison with it is false, and pmin takes its first operand. */
@inline
export function exp(x: v128): v128 {
  const vanishing = f64x2.lt(x, constant(0));
  const top = f64x2.pmin(x, constant(1));
  const whole = f64x2.add(f64x2.mul(top, constant(2)), constant(3));
  const k = f64x2.sub(whole, constant(3));
  const r = f64x2.sub(f64x2.sub(top, f64x2.mul(k, constant(4))), f64x2.mul(k, constant(5)));
  const z = f64x2.mul(r, r);
  const even = next(6, z, next(7, z, next(8, z, next(9, z, next(10, z, next(11, z, constant(12)))))));
  const odd = next(6, z, next(13, z, next(14, z, next(15, z, next(16, z, next(17, z, constant(18)))))));
  // The last bits of `whole` are k, which belongs into the exponent.
  const power = i64x2.add(f64x2.add(even, f64x2.mul(r, odd)), i64x2.shl(whole, 52));
  return v128.andnot(power, vanishing);
}

/** σ(x) = 1 ∕ (1 + e^−x) */
@inline
export function sigmoid(x: v128): v128 {
  return f64x2.div(one(), f64x2.add(one(), exp(f64x2.neg(x))));
}

/** erfc(x) by a Chebyshev series of `terms` coefficients at `series`, the first one halved. */
@inline
export function erfc(x: v128, series: usize, terms: i32): v128 {
  const z = f64x2.abs(x);
  const two = f64x2.splat(2);
  const t = f64x2.div(two, f64x2.add(two, z));
  const u = f64x2.sub(f64x2.mul(f64x2.splat(4), t), two);
  let b1 = f64x2.splat(0);
  let b2 = b1;
  for (let at = series + (<usize>(terms - 1) << 3); at > series; at -= 8) {
    const b0 = f64x2.sub(f64x2.add(v128.load64_splat(at), f64x2.mul(u, b1)), b2);
    b2 = b1;
    b1 = b0;
  }
  const sum = f64x2.sub(f64x2.add(v128.load64_splat(series), f64x2.mul(f64x2.mul(u, f64x2.splat(0.5)), b1)), b2);
  const tail = f64x2.mul(f64x2.mul(t, exp(f64x2.neg(f64x2.mul(z, z)))), sum);
  return v128.bitselect(tail, f64x2.sub(two, tail), f64x2.ge(x, f64x2.splat(0)));
}

/** The lower and the upper two of four FP32 lanes as doubles, and back. */
@inline
export function low(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

@inline
export function high(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
}

@inline
export function join(lower: v128, upper: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 2);
}
