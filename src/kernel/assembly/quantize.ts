// Symmetric INT4 quantisation of a panel of FP32 weights [inner][32], groups along the inner index: the definition is
// `quantize` of src/vlp/quantize.ts.

/** Largest magnitude of each group and column, to [group][32]; NaN where a weight is NaN. */
export function panelMaxima(panel: usize, inner: i32, group: i32, to: usize): void {
  for (let first = 0; first < inner; first += group, to += 128) {
    const count = min(group, inner - first);
    for (let column: usize = 0; column < 128; column += 16) {
      let from = panel + (<usize>first << 7) + column;
      let largest = i32x4.splat(0);
      for (let i = 0; i < count; i++, from += 128) largest = f32x4.max(largest, f32x4.abs(v128.load(from)));
      v128.store(to + column, largest);
    }
  }
}

/**
 * Sign-magnitude codes of four weights. |w| ∕ scale to nearest, ties to even, is how many of 0.5, 1.5 … 6.5 times the
 * scale |w| lies beyond; ties count where they lead to an even number. The multiples are exact in FP32.
 */
@inline
function codes(w: v128, scale: v128): v128 {
  const size = f32x4.abs(w);
  let below = f32x4.gt(size, f32x4.mul(scale, f32x4.splat(0.5)));
  below = i32x4.add(below, f32x4.ge(size, f32x4.mul(scale, f32x4.splat(1.5))));
  below = i32x4.add(below, f32x4.gt(size, f32x4.mul(scale, f32x4.splat(2.5))));
  below = i32x4.add(below, f32x4.ge(size, f32x4.mul(scale, f32x4.splat(3.5))));
  below = i32x4.add(below, f32x4.gt(size, f32x4.mul(scale, f32x4.splat(4.5))));
  below = i32x4.add(below, f32x4.ge(size, f32x4.mul(scale, f32x4.splat(5.5))));
  below = i32x4.add(below, f32x4.gt(size, f32x4.mul(scale, f32x4.splat(6.5))));
  // Comparisons give −1, so `below` is minus the magnitude; its own sign says that it is none.
  const sign = i32x4.shr_u(v128.and(w, below), 31);
  return v128.or(i32x4.neg(below), i32x4.shl(sign, 3));
}

/** Codes of 16 columns as bytes. */
@inline
function sixteen(from: usize, scales: usize): v128 {
  const a = codes(v128.load(from), v128.load(scales));
  const b = codes(v128.load(from, 16), v128.load(scales, 16));
  const c = codes(v128.load(from, 32), v128.load(scales, 32));
  const d = codes(v128.load(from, 48), v128.load(scales, 48));
  return i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
}

/** A panel to codes [inner][16 bytes]: columns 0…15 in low nibbles, 16…31 in high ones. Scales [group][32]. */
export function quantizePanel(panel: usize, inner: i32, group: i32, scales: usize, to: usize): void {
  for (let i = 0; i < inner; i++, panel += 128, to += 16) {
    const factors = scales + (<usize>(i / group) << 7);
    v128.store(to, v128.or(sixteen(panel, factors), i8x16.shl(sixteen(panel + 64, factors + 64), 4)));
  }
}
