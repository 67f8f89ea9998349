// Weights, row-major [outputs][inner], to panels of 32 columns: a transposition, a square of lanes at a time. Columns
// past `outputs` are zero. Layouts: src/kernel/panels.ts.
import { storeTransposed } from './transpose';

/** FP32: four rows × four inner indices. */
@inline
function square4(from: usize, line: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + line);
  const c = v128.load(from + 2 * line);
  const d = v128.load(from + 3 * line);
  storeTransposed(a, b, c, d, to, 128);
}

/** `outputs` rows of FP32, from a whole panel on. */
export function packFloats(from: usize, outputs: i32, inner: i32, to: usize): void {
  const line = <usize>inner << 2;
  for (let first = 0; first < outputs; first += 32, to += <usize>inner << 7) {
    if (outputs - first < 32) memory.fill(to, 0, <usize>inner << 7);
    for (let column = 0; column < 32 && first + column < outputs; column += 4) {
      const row = from + <usize>(first + column) * line;
      const at = to + (<usize>column << 2);
      let i = 0;
      if (outputs - first - column >= 4) {
        for (; i + 4 <= inner; i += 4) square4(row + (<usize>i << 2), line, at + (<usize>i << 7));
      }
      for (; i < inner; i++) {
        for (let c = 0; c < min(4, outputs - first - column); c++) {
          store<u32>(at + (<usize>i << 7) + (<usize>c << 2), load<u32>(row + <usize>c * line + (<usize>i << 2)));
        }
      }
    }
  }
}

/** 16-bit words: eight rows × eight inner indices; columns c and c + 4 become neighbours. */
@inline
function square8(from: usize, line: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + line);
  const c = v128.load(from + 2 * line);
  const d = v128.load(from + 3 * line);
  const e = v128.load(from + 4 * line);
  const f = v128.load(from + 5 * line);
  const g = v128.load(from + 6 * line);
  const h = v128.load(from + 7 * line);
  const ae = v128.shuffle<i16>(a, e, 0, 8, 1, 9, 2, 10, 3, 11);
  const bf = v128.shuffle<i16>(b, f, 0, 8, 1, 9, 2, 10, 3, 11);
  const cg = v128.shuffle<i16>(c, g, 0, 8, 1, 9, 2, 10, 3, 11);
  const dh = v128.shuffle<i16>(d, h, 0, 8, 1, 9, 2, 10, 3, 11);
  const aE = v128.shuffle<i16>(a, e, 4, 12, 5, 13, 6, 14, 7, 15);
  const bF = v128.shuffle<i16>(b, f, 4, 12, 5, 13, 6, 14, 7, 15);
  const cG = v128.shuffle<i16>(c, g, 4, 12, 5, 13, 6, 14, 7, 15);
  const dH = v128.shuffle<i16>(d, h, 4, 12, 5, 13, 6, 14, 7, 15);
  // Pairs of words of rows (a, e), (b, f), (c, g), (d, h): four inner indices each.
  storeTransposed(ae, bf, cg, dh, to, 64);
  storeTransposed(aE, bF, cG, dH, to + 256, 64);
}

/** `outputs` rows of 16-bit words, from a whole panel on. */
export function packWords(from: usize, outputs: i32, inner: i32, to: usize): void {
  const line = <usize>inner << 1;
  for (let first = 0; first < outputs; first += 32, to += <usize>inner << 6) {
    if (outputs - first < 32) memory.fill(to, 0, <usize>inner << 6);
    for (let column = 0; column < 32 && first + column < outputs; column += 8) {
      const row = from + <usize>(first + column) * line;
      const at = to + (<usize>column << 1);
      let i = 0;
      if (outputs - first - column >= 8) {
        for (; i + 8 <= inner; i += 8) square8(row + (<usize>i << 1), line, at + (<usize>i << 6));
      }
      for (; i < inner; i++) {
        for (let c = 0; c < min(8, outputs - first - column); c++) {
          const place = at + (<usize>i << 6) + (<usize>((c & 3) * 2 + (c >> 2)) << 1);
          store<u16>(place, load<u16>(row + <usize>c * line + (<usize>i << 1)));
        }
      }
    }
  }
}
