// The tile of exact products with FP32 sums on many rows.
import { step } from './step';

/** Rows of the tile where a product needs a register of its own, and where it does not: with the sums they fill them. */
export const UNFUSED_ROWS: i32 = 5;
export const FUSED_ROWS: i32 = 6;

/** UNFUSED_ROWS rows × 8 columns, or FUSED_ROWS where `six`; `mode` is MULTIPLY_ADD or FUSED. */
@inline
export function exactTile(mode: i32, flush: bool, six: bool, a: usize, w: usize, count: i32, p: usize, stride: usize): void {
  const none = i32x4.splat(0);
  const end = w + (<usize>count << 7);
  const p1 = p + stride;
  const p2 = p + 2 * stride;
  const p3 = p + 3 * stride;
  const p4 = p + 4 * stride;
  const p5 = p + 5 * stride;
  let s0 = v128.load(p);
  let s1 = v128.load(p, 16);
  let s2 = v128.load(p1);
  let s3 = v128.load(p1, 16);
  let s4 = v128.load(p2);
  let s5 = v128.load(p2, 16);
  let s6 = v128.load(p3);
  let s7 = v128.load(p3, 16);
  let s8 = v128.load(p4);
  let s9 = v128.load(p4, 16);
  let s10 = six ? v128.load(p5) : s0;
  let s11 = six ? v128.load(p5, 16) : s0;
  while (w < end) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    const x0 = v128.load32_splat(a, 0);
    s0 = step(mode, flush, s0, x0, w0, none, none, none);
    s1 = step(mode, flush, s1, x0, w1, none, none, none);
    const x1 = v128.load32_splat(a, 4);
    s2 = step(mode, flush, s2, x1, w0, none, none, none);
    s3 = step(mode, flush, s3, x1, w1, none, none, none);
    const x2 = v128.load32_splat(a, 8);
    s4 = step(mode, flush, s4, x2, w0, none, none, none);
    s5 = step(mode, flush, s5, x2, w1, none, none, none);
    const x3 = v128.load32_splat(a, 12);
    s6 = step(mode, flush, s6, x3, w0, none, none, none);
    s7 = step(mode, flush, s7, x3, w1, none, none, none);
    const x4 = v128.load32_splat(a, 16);
    s8 = step(mode, flush, s8, x4, w0, none, none, none);
    s9 = step(mode, flush, s9, x4, w1, none, none, none);
    if (six) {
      const x5 = v128.load32_splat(a, 20);
      s10 = step(mode, flush, s10, x5, w0, none, none, none);
      s11 = step(mode, flush, s11, x5, w1, none, none, none);
    }
    a += six ? FUSED_ROWS << 2 : UNFUSED_ROWS << 2;
    w += 128;
  }
  v128.store(p, s0);
  v128.store(p, s1, 16);
  v128.store(p1, s2);
  v128.store(p1, s3, 16);
  v128.store(p2, s4);
  v128.store(p2, s5, 16);
  v128.store(p3, s6);
  v128.store(p3, s7, 16);
  v128.store(p4, s8);
  v128.store(p4, s9, 16);
  if (six) {
    v128.store(p5, s10);
    v128.store(p5, s11, 16);
  }
}
