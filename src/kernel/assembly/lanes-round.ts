// Rounding to BF16 in two operations, where one of them can be fused.

/** 1 − 2¹⁶ and 2¹⁶ in four lanes each; loaded, as in step.ts. */
const CONSTANTS: usize = memory.data<f32>([-65535, -65535, -65535, -65535, 65536, 65536, 65536, 65536], 16);

@inline
export function rounding(): v128 {
  return v128.load(CONSTANTS);
}

@inline
export function scaling(): v128 {
  return v128.load(CONSTANTS, 16);
}

/**
 * RNE of FP32 lanes to BF16: 2¹⁶·x + fl((1 − 2¹⁶)·x). The product is x less its 2¹⁶-fold, rounded in a place 2¹⁶ times as
 * high, so that what remains is x in eight bits; 2¹⁶·x is exact, so that it does not matter whether the engine fuses. Just
 * above a power of two the product has a bit more, which no x there can use. Without a fused operation Veltkamp's order
 * (step.ts) needs one less constant: x − t is 2¹⁶·x. The tests try all significands. Not for sums beyond 2^±100.
 */
@inline
export function roundLanes(x: v128, less: v128, power: v128): v128 {
  const t = f32x4.mul(x, less);
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, power, t) : f32x4.add(f32x4.sub(x, t), t);
}
