// Reading BF16 and multiplying two BF16.
import { flushSubnormal, halfUnit, highHalves, roundBf16 } from './step';

/** A BF16 pattern as an FP32 value: NaN canonical, subnormals as asked. */
@inline
export function readBf16(bits: u32, flush: bool): f32 {
  if ((bits & 0x7fff) > 0x7f80) bits = 0x7fc0;
  if (flush && (bits & 0x7f80) == 0) bits &= 0x8000;
  return reinterpret<f32>(bits << 16);
}

/**
 * sum·factor in FP32, or rounded to BF16 when both are BF16. The FP32 product of two BF16 is exact down to 2^-134,
 * half of BF16's smallest step, so the two roundings are one.
 */
@inline
export function scale(sum: v128, factor: v128, bf16: bool, flush: bool): v128 {
  let product = f32x4.mul(sum, factor);
  if (bf16) product = roundBf16(product, halfUnit(), highHalves());
  return flush ? flushSubnormal(product) : product;
}
