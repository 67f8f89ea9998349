// BF16 × INT4 GEMM with BF16 sums and rows as lanes; the definition is src/vlp/gemm.ts.
import { lanesTables, vectorsOf } from './lanes-pack';
import { GROUP, panelLanes, PITCH, TABLE_BYTES } from './lanes-tile';
import { canonicalNaN, halfUnit, highHalves, roundBf16 } from './step';
import { scale } from './round';
import { EMPTY, fill } from './int4-gemm';
import { storeTransposed } from './transpose';

/** Inner indices of a block, whose products stay in the first-level cache while panels pass. */
const BLOCK: i32 = 32;
/** Panels that share the products of a block; their sums stay in the second-level cache. */
const ABREAST: i32 = 16;
/** Bytes of the sums of a panel, GROUP lines of 128. */
const SUMS: usize = PITCH << 5;

/** total += sum·factor of 32 columns, each operation rounded; leaves the sums zero. No factors: 1. */
@inline
function addScaled(factors: usize, sums: usize, totals: usize): void {
  for (let column: usize = 0; column < 32; column++) {
    const factor = factors != 0 ? v128.load32_splat(factors + (column << 2)) : i32x4.splat(0);
    for (let i: usize = 0; i < PITCH; i += 16) {
      let sum = v128.load(sums + i);
      if (factors != 0) sum = scale(sum, factor, true, false);
      v128.store(totals + i, roundBf16(f32x4.add(v128.load(totals + i), sum), halfUnit(), highHalves()));
      v128.store(sums + i, i32x4.splat(0));
    }
    sums += PITCH;
    totals += PITCH;
  }
}

/** Totals [32][GROUP] of a panel to `rows` rows of results. */
@inline
function finish(totals: usize, rows: i32, square: usize, out: usize, stride: usize): void {
  for (let row = 0; row < rows; row += 4) {
    for (let column: usize = 0; column < 32; column += 4) {
      const from = totals + column * PITCH + (<usize>row << 2);
      const a = canonicalNaN(v128.load(from));
      const b = canonicalNaN(v128.load(from + PITCH));
      const c = canonicalNaN(v128.load(from + 2 * PITCH));
      const d = canonicalNaN(v128.load(from + 3 * PITCH));
      const to = out + <usize>row * stride + (column << 2);
      if (row + 4 <= rows) storeTransposed(a, b, c, d, to, stride);
      else {
        storeTransposed(a, b, c, d, square, 16);
        for (let i = 0; i < rows - row; i++) v128.store(to + <usize>i * stride, v128.load(square + (<usize>i << 4)));
      }
    }
  }
}

/** Bytes that a thread needs: products of a block, sums and totals of ABREAST panels, and a square. */
export function lanesScratch(): i32 {
  return 3 * BLOCK * <i32>TABLE_BYTES + 2 * ABREAST * <i32>SUMS + 64;
}

/**
 * Panels [begin, end), with `lanesScratch` bytes of scratch.
 * @param repeated 1 where repeated additions make the multiples, else 0
 * @param share panels that have activations of their own at `a`, `size` bytes apart from those of the share `base` on
 * @param a activations, as `placeLanes` places them
 * @param width inner indices that a panel of W holds, of which the first `inner` are used
 * @param group inner indices that share a scale; scales [panel][group][32], or 0 where activations carry them
 * @param chain inner indices that are summed before the vector unit takes the sum, counted from the start of a group
 */
export function gemmInt4Lanes(
  begin: i32, end: i32, scratch: usize, repeated: i32, share: i32, base: i32, size: usize, a: usize, rows: i32, inner: i32,
  width: i32, group: i32, chain: i32, codes: usize, scales: usize, c: usize, stride: usize,
): void {
  const sums = scratch + 3 * <usize>BLOCK * TABLE_BYTES;
  const totals = sums + ABREAST * SUMS;
  const square = totals + ABREAST * SUMS;
  const held = (width + group - 1) / group;
  for (let first = begin; first < end; ) {
    const place = first / share;
    const last = min(min(first + ABREAST, end), (place + 1) * share);
    let from = a + <usize>(place - base) * size;
    fill(sums, (last - first) * GROUP, 128, 0);
    for (let row = 0; row < rows; row += GROUP) {
      const vectors = vectorsOf(rows - row);
      fill(totals, (last - first) * GROUP, 128, EMPTY);
      for (let g = 0; g * group < inner; g++) {
        const stop = min((g + 1) * group, inner);
        for (let start = g * group; start < stop; start += chain) {
          const close = min(start + chain, stop);
          for (let at = start; at < close; at += BLOCK) {
            const count = min(BLOCK, close - at);
            lanesTables(repeated != 0, from + <usize>(at * vectors) * 16, vectors, count, scratch);
            for (let panel = first; panel < last; panel++) {
              const column = codes + (<usize>(panel * width + at) << 4);
              panelLanes(vectors, scratch, column, count, sums + <usize>(panel - first) * SUMS);
            }
          }
          for (let panel = first; panel < last; panel++) {
            const factors = scales != 0 ? scales + (<usize>(panel * held + g) << 7) : 0;
            const own = <usize>(panel - first) * SUMS;
            addScaled(factors, sums + own, totals + own);
          }
        }
      }
      for (let panel = first; panel < last; panel++) {
        const out = c + (<usize>panel << 7) + <usize>row * stride;
        finish(totals + <usize>(panel - first) * SUMS, min(GROUP, rows - row), square, out, stride);
      }
      from += <usize>(inner * vectors) * 16;
    }
    first = last;
  }
}
