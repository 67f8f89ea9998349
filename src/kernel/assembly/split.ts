// Rounding sums to BF16 by floating-point operations.

/** 1 − 2¹⁶ and 2¹⁶ in four lanes each; loaded, as in step.ts. */
const CONSTANTS: usize = memory.data<f32>([-65535, -65535, -65535, -65535, 65536, 65536, 65536, 65536], 16);

@inline
export function splitter(): v128 {
  return v128.load(CONSTANTS);
}

@inline
export function scaling(): v128 {
  return v128.load(CONSTANTS, 16);
}

/**
 * RNE of FP32 lanes to BF16 by splitting (Dekker, Numer. Math. 18, 1971), three operations where integers need five.
 * t = fl((1 − 2¹⁶)·x) is x less its 2¹⁶-fold, rounded in a place 2¹⁶ times as high, so that 2¹⁶·x + t is x in eight bits; and
 * fl(x − t) is 2¹⁶·x, from which t is at most half a place away. Just above a power of two the product has a bit more, which
 * no x there can use. The tests try all significands. Not for sums beyond 2^±100, where the product would overflow or the
 * result be subnormal.
 */
@inline
export function split(x: v128, factor: v128): v128 {
  const t = f32x4.mul(x, factor);
  return f32x4.add(f32x4.sub(x, t), t);
}

/** The same in two operations where one of them can be fused: 2¹⁶·x is exact, so that it does not matter whether it is. */
@inline
export function splitFused(x: v128, factor: v128, power: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, power, f32x4.mul(x, factor)) : split(x, factor);
}
