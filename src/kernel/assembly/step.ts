// One multiply-accumulate of four output columns, in each arithmetic. `mode` and `flush` are constants at every
// call, so that each combination compiles to straight-line code. The definition is src/vlp/gemm.ts.
import { split } from './split';

/** acc + fl(x·w): FP32 GEMM, and INT4 GEMM with exact products. x = activation in four lanes, w = weights. */
export const MULTIPLY_ADD: i32 = 0;
/** The same as one fused operation: equal bits when x·w is exact in FP32, so for INT4 weights alone. */
export const FUSED: i32 = 1;
/** Products rounded to BF16, FP32 sums. x = rounded multiples 0..7 of the activation, w = byte indices. */
export const TABLE: i32 = 2;
/** Products rounded to BF16, BF16 sums. */
export const TABLE_BF16: i32 = 3;
/** Exact products, BF16 sums. */
export const EXACT_BF16: i32 = 4;
/** TABLE_BF16 where every sum is zero or within 2^±100: rounded by floating-point operations, see `split`. */
export const TABLE_SPLIT: i32 = 5;

/** Whether products come from tables of rounded multiples. */
@inline
export function usesTable(mode: i32): bool {
  return mode == TABLE || mode == TABLE_BF16 || mode == TABLE_SPLIT;
}

/** Where the signs of an expanded panel lie behind its indices. */
export const SIGNS: usize = 16384;

/**
 * 0x7fff and 0xffff0000 in four lanes each. Loaded, because engines rebuild a vector constant from scalars wherever
 * it is used, which would cost more than the rounding itself; shifts replace the other masks below.
 */
const ROUNDING: usize = memory.data<u32>(
  [0x7fff, 0x7fff, 0x7fff, 0x7fff, 0xffff0000, 0xffff0000, 0xffff0000, 0xffff0000],
  16,
);

/** Zero, as no compiler knows: an address that it is added to is another one. */
const NOTHING: usize = memory.data<u32>([0], 4);

@inline
export function nothing(): usize {
  return <usize>load<u32>(NOTHING);
}

@inline
export function halfUnit(): v128 {
  return v128.load(ROUNDING);
}

@inline
export function highHalves(): v128 {
  return v128.load(ROUNDING, 16);
}

/** RNE of FP32 lanes to BF16 (low halves zero). NaN stays NaN because every NaN in the kernels is canonical. */
@inline
export function roundBf16(x: v128, half: v128, high: v128): v128 {
  const odd = i32x4.shr_u(i32x4.shl(x, 15), 31);
  return v128.and(i32x4.add(i32x4.add(x, half), odd), high);
}

/** Subnormal lanes to zero, sign kept. */
@inline
export function flushSubnormal(x: v128): v128 {
  const small = i32x4.eq(i32x4.shr_u(i32x4.shl(x, 1), 24), i32x4.splat(0));
  return v128.andnot(x, i32x4.shr_u(small, 1));
}

/** NaN lanes to 0x7fc00000, so that results do not depend on the machine's choice of payload. */
@inline
export function canonicalNaN(x: v128): v128 {
  return v128.bitselect(x, i32x4.splat(0x7fc00000), f32x4.eq(x, x));
}

/** Bytes of `table` by index; an index from 16 to 127 must not occur. */
@inline
export function select(table: v128, index: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(table, index) : i8x16.swizzle(table, index);
}

/**
 * a + b rounded to odd in FP32: truncated, with every lost bit collected in the last place. 24 bits are enough to
 * make a second rounding to BF16's 8 bits equal to one rounding of the exact sum.
 */
@inline
function addToOdd(a: v128, b: v128): v128 {
  const s = f32x4.add(a, b);
  const bb = f32x4.sub(s, a);
  const error = f32x4.add(f32x4.sub(a, f32x4.sub(s, bb)), f32x4.sub(b, bb));
  // For INF and NaN the error is NaN; what the next lines then change, the rounding to BF16 undoes.
  const inexact = f32x4.ne(error, f32x4.splat(0));
  const beyond = v128.and(i32x4.shr_s(v128.xor(error, s), 31), inexact);
  return v128.or(i32x4.add(s, beyond), i32x4.shr_u(inexact, 31));
}

/** A sum of products from tables, as the accumulator keeps it. */
@inline
export function roundSum(mode: i32, sum: v128, half: v128, high: v128): v128 {
  if (mode == TABLE_BF16) return roundBf16(sum, half, high);
  return mode == TABLE_SPLIT ? split(sum, half) : sum;
}

@inline
export function step(
  mode: i32, flush: bool, acc: v128, x: v128, w: v128, sign: v128, half: v128, high: v128,
): v128 {
  let sum: v128;
  if (mode == MULTIPLY_ADD) sum = f32x4.add(acc, f32x4.mul(x, w));
  else if (mode == FUSED) sum = ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, w, acc) : f32x4.add(acc, f32x4.mul(x, w));
  else if (mode == EXACT_BF16) sum = roundBf16(addToOdd(acc, f32x4.mul(x, w)), half, high);
  else {
    const product = select(x, w);
    // The sign is ±1 where a fused operation applies it for nothing, and a sign bit elsewhere.
    sum = roundSum(mode, ASC_FEATURE_RELAXED_SIMD
      ? f32x4.relaxed_madd(product, sign, acc)
      : f32x4.add(acc, v128.xor(product, sign)), half, high);
  }
  return flush ? flushSubnormal(sum) : sum;
}
