// ggml's blocks of 32 weights to panels. From: 32 rows of blocks, each an F16 scale and then 32 signed bytes (Q8_0), or
// 16 bytes whose low nibbles are weights 0…15 and whose high nibbles 16…31 (Q4_0). To: bytes [inner][32], or nibbles
// [inner][16] with columns 0…15 low and 16…31 high; scales as halves [inner ∕ 32][32] in the order of 16-bit weights.

/** Bytes a, b, c, d of four columns, 16 inner indices, to places `step` bytes apart. */
@inline
function spread(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab = v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const cd = v128.shuffle<i8>(c, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const ef = v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const gh = v128.shuffle<i8>(c, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  four(v128.shuffle<i16>(ab, cd, 0, 8, 1, 9, 2, 10, 3, 11), to, step);
  four(v128.shuffle<i16>(ab, cd, 4, 12, 5, 13, 6, 14, 7, 15), to + 4 * step, step);
  four(v128.shuffle<i16>(ef, gh, 0, 8, 1, 9, 2, 10, 3, 11), to + 8 * step, step);
  four(v128.shuffle<i16>(ef, gh, 4, 12, 5, 13, 6, 14, 7, 15), to + 12 * step, step);
}

@inline
function four(lanes: v128, to: usize, step: usize): void {
  v128.store_lane<u32>(to, lanes, 0);
  v128.store_lane<u32>(to + step, lanes, 1);
  v128.store_lane<u32>(to + 2 * step, lanes, 2);
  v128.store_lane<u32>(to + 3 * step, lanes, 3);
}

/** The scales of one block of all 32 rows, `line` bytes apart. */
@inline
function packScales(from: usize, line: usize, to: usize): void {
  for (let column = 0; column < 32; column++) {
    const place = (column & ~7) + (column & 3) * 2 + ((column >> 2) & 1);
    store<u16>(to + (<usize>place << 1), load<u16>(from + <usize>column * line));
  }
}

/** One panel of Q8_0. */
export function packQ8(from: usize, inner: i32, to: usize, scales: usize): void {
  const line = <usize>(inner / 32) * 34;
  for (let i = 0; i < inner; i += 32, from += 34, to += 1024, scales += 64) {
    packScales(from, line, scales);
    for (let column: usize = 0; column < 32; column += 4) {
      const a = from + column * line + 2;
      const b = a + line;
      const c = b + line;
      const d = c + line;
      spread(v128.load(a), v128.load(b), v128.load(c), v128.load(d), to + column, 32);
      spread(v128.load(a, 16), v128.load(b, 16), v128.load(c, 16), v128.load(d, 16), to + 512 + column, 32);
    }
  }
}

/** Weights 0…15 of a block for columns c and c + 16. */
@inline
function lowPair(from: usize, other: usize): v128 {
  const mask = i8x16.splat(15);
  return v128.or(v128.and(v128.load(from), mask), i8x16.shl(v128.and(v128.load(other), mask), 4));
}

/** Weights 16…31. */
@inline
function highPair(from: usize, other: usize): v128 {
  return v128.or(i8x16.shr_u(v128.load(from), 4), v128.andnot(v128.load(other), i8x16.splat(15)));
}

/** One panel of Q4_0. */
export function packQ4(from: usize, inner: i32, to: usize, scales: usize): void {
  const line = <usize>(inner / 32) * 18;
  const other = line << 4;
  for (let i = 0; i < inner; i += 32, from += 18, to += 512, scales += 64) {
    packScales(from, line, scales);
    for (let column: usize = 0; column < 16; column += 4) {
      const a = from + column * line + 2;
      const b = a + line;
      const c = b + line;
      const d = c + line;
      spread(lowPair(a, a + other), lowPair(b, b + other), lowPair(c, c + other), lowPair(d, d + other), to + column, 16);
      spread(
        highPair(a, a + other), highPair(b, b + other), highPair(c, c + other), highPair(d, d + other), to + 256 + column, 16,
      );
    }
  }
}
