// Exact functions in double precision, two lanes at a time; the definitions are src/number/exp.ts and src/number/erf.ts.

import { nothing } from './step';

/** The constants of `exp`, each in two lanes. */
const CONSTANTS: usize = memory.data<f64>(
  [
    -708, -708, 709, 709, 1.4426950408889634, 1.4426950408889634, 6755399441055744, 6755399441055744,
    0.6931471803691238, 0.6931471803691238, 1.90821492927058770002e-10, 1.90821492927058770002e-10, 1, 1,
    1.0 / 2, 1.0 / 2, 1.0 / 24, 1.0 / 24, 1.0 / 720, 1.0 / 720,
    1.0 / 40320, 1.0 / 40320, 1.0 / 3628800, 1.0 / 3628800, 1.0 / 479001600, 1.0 / 479001600,
    1.0 / 6, 1.0 / 6, 1.0 / 120, 1.0 / 120, 1.0 / 5040, 1.0 / 5040,
    1.0 / 362880, 1.0 / 362880, 1.0 / 39916800, 1.0 / 39916800, 1.0 / 6227020800, 1.0 / 6227020800,
  ],
  16,
);

/**
 * Where the constants lie, to be loaded where they are used, as in step.ts. Where two vectors go through the same functions,
 * each has an address of its own, because engines would keep what is loaded twice, and had to move it to memory and back.
 */
@inline
export function constants(): usize {
  return CONSTANTS;
}

@inline
export function constantsAgain(): usize {
  return CONSTANTS + nothing();
}

@inline
function constant(at: usize, place: usize): v128 {
  return v128.load(at + (place << 4));
}

/** a + z·b */
@inline
function next(at: usize, place: usize, z: v128, b: v128): v128 {
  return f64x2.add(constant(at, place), f64x2.mul(z, b));
}

/** e^x. NaN stays NaN: a comparison with it is false, and pmin takes its first operand. */
@inline
export function exp(at: usize, x: v128): v128 {
  const vanishing = f64x2.lt(x, constant(at, 0));
  const top = f64x2.pmin(x, constant(at, 1));
  const magic = constant(at, 3);
  const whole = f64x2.add(f64x2.mul(top, constant(at, 2)), magic);
  const k = f64x2.sub(whole, magic);
  const r = f64x2.sub(f64x2.sub(top, f64x2.mul(k, constant(at, 4))), f64x2.mul(k, constant(at, 5)));
  const z = f64x2.mul(r, r);
  const one = constant(at, 6);
  const even = f64x2.add(one, f64x2.mul(z, next(at, 7, z, next(at, 8, z, next(at, 9, z, next(at, 10, z, next(at, 11, z, constant(at, 12))))))));
  const odd = f64x2.add(one, f64x2.mul(z, next(at, 13, z, next(at, 14, z, next(at, 15, z, next(at, 16, z, next(at, 17, z, constant(at, 18))))))));
  // The last bits of `whole` are k, which belongs into the exponent.
  const power = i64x2.add(f64x2.add(even, f64x2.mul(r, odd)), i64x2.shl(whole, 52));
  return v128.andnot(power, vanishing);
}

/** σ(x) = 1 ∕ (1 + e^−x) */
@inline
export function sigmoid(at: usize, x: v128): v128 {
  const one = constant(at, 6);
  return f64x2.div(one, f64x2.add(one, exp(at, f64x2.neg(x))));
}

/** t = 2 ∕ (2 + z), in which the series of erfc is one of Chebyshev polynomials of u = 4t − 2. */
@inline
export function ratio(z: v128): v128 {
  return f64x2.div(f64x2.splat(2), f64x2.add(f64x2.splat(2), z));
}

@inline
export function argument(x: v128): v128 {
  return f64x2.sub(f64x2.mul(f64x2.splat(4), ratio(f64x2.abs(x))), f64x2.splat(2));
}

/** A step of Clenshaw's recurrence. */
@inline
export function clenshaw(coefficient: v128, u: v128, b1: v128, b2: v128): v128 {
  return f64x2.sub(f64x2.add(coefficient, f64x2.mul(u, b1)), b2);
}

/** erfc(x) from where the recurrence ends; `first` is half of the first coefficient. */
@inline
export function erfc(at: usize, x: v128, first: v128, b1: v128, b2: v128): v128 {
  const z = f64x2.abs(x);
  const sum = clenshaw(first, f64x2.mul(argument(x), f64x2.splat(0.5)), b1, b2);
  const tail = f64x2.mul(f64x2.mul(ratio(z), exp(at, f64x2.neg(f64x2.mul(z, z)))), sum);
  return v128.bitselect(tail, f64x2.sub(f64x2.splat(2), tail), f64x2.ge(x, f64x2.splat(0)));
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
