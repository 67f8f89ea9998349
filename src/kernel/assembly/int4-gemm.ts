// BF16 × INT4 GEMM over panels of 32 output columns; the definition is src/vlp/gemm.ts.
import { expandInt4 } from './expand';
import { rowGroup } from './int4-row';
import { packActivations } from './pack';
import { scale } from './round';
import {
  canonicalNaN, EXACT_BF16, flushSubnormal, FUSED, halfUnit, highHalves, MULTIPLY_ADD, roundBf16, SIGNS, TABLE, TABLE_BF16,
} from './step';
import { panelBlock } from './tiles';

/** Inner indices per block: an expanded panel block stays in the first-level cache while all rows pass. */
const BLOCK: i32 = 64;
/** −0: adding the first scaled sum to it is loading it. */
const EMPTY: u32 = 0x80000000;

@inline
function block(
  mode: i32, flush: bool, a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize,
): void {
  expandInt4(mode == TABLE || mode == TABLE_BF16, codes, to, count);
  panelBlock(mode, flush, a, rows, inner, at, count, to, sums, 128);
}

// One function for each arithmetic, so that its tiles are straight-line code.
function multiplyAddKeep(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(MULTIPLY_ADD, false, a, rows, inner, at, count, codes, to, sums);
}
function multiplyAddFlush(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(MULTIPLY_ADD, true, a, rows, inner, at, count, codes, to, sums);
}
function fusedKeep(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(FUSED, false, a, rows, inner, at, count, codes, to, sums);
}
function fusedFlush(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(FUSED, true, a, rows, inner, at, count, codes, to, sums);
}
function tableKeep(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(TABLE, false, a, rows, inner, at, count, codes, to, sums);
}
function tableFlush(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(TABLE, true, a, rows, inner, at, count, codes, to, sums);
}
function tableBf16Keep(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(TABLE_BF16, false, a, rows, inner, at, count, codes, to, sums);
}
function tableBf16Flush(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(TABLE_BF16, true, a, rows, inner, at, count, codes, to, sums);
}
function exactBf16Keep(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(EXACT_BF16, false, a, rows, inner, at, count, codes, to, sums);
}
function exactBf16Flush(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(EXACT_BF16, true, a, rows, inner, at, count, codes, to, sums);
}

function anyBlock(
  mode: i32, flush: bool, a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize,
): void {
  if (mode == MULTIPLY_ADD) {
    if (flush) multiplyAddFlush(a, rows, inner, at, count, codes, to, sums);
    else multiplyAddKeep(a, rows, inner, at, count, codes, to, sums);
  }
  if (mode == FUSED) {
    if (flush) fusedFlush(a, rows, inner, at, count, codes, to, sums);
    else fusedKeep(a, rows, inner, at, count, codes, to, sums);
  }
  if (mode == TABLE) {
    if (flush) tableFlush(a, rows, inner, at, count, codes, to, sums);
    else tableKeep(a, rows, inner, at, count, codes, to, sums);
  }
  if (mode == TABLE_BF16) {
    if (flush) tableBf16Flush(a, rows, inner, at, count, codes, to, sums);
    else tableBf16Keep(a, rows, inner, at, count, codes, to, sums);
  }
  if (mode == EXACT_BF16) {
    if (flush) exactBf16Flush(a, rows, inner, at, count, codes, to, sums);
    else exactBf16Keep(a, rows, inner, at, count, codes, to, sums);
  }
}

/** Sets 32 columns of all rows. */
function fill(from: usize, rows: i32, stride: usize, word: u32): void {
  for (let row = 0; row < rows; row++, from += stride) {
    for (let i: usize = 0; i < 128; i += 16) v128.store(from + i, i32x4.splat(word));
  }
}

/** total += sum·factor for all rows of a panel, each operation rounded; leaves the sums zero. */
@inline
function addScaled(bf16: bool, flush: bool, sums: usize, factors: usize, out: usize, rows: i32, stride: usize): void {
  for (let row = 0; row < rows; row++, sums += 128, out += stride) {
    for (let i: usize = 0; i < 128; i += 16) {
      let factor = v128.load(factors + i);
      if (flush) factor = flushSubnormal(factor);
      let total = f32x4.add(v128.load(out + i), scale(v128.load(sums + i), factor, bf16, flush));
      if (bf16) total = roundBf16(total, halfUnit(), highHalves());
      v128.store(out + i, flush ? flushSubnormal(total) : total);
      v128.store(sums + i, i32x4.splat(0));
    }
  }
}

/**
 * Panels [begin, end). scratch: 2·SIGNS bytes for an expanded block, then sums [rows][32], then, with outer scales,
 * the packed activations.
 * @param float whether the activations x are FP32, to be rounded, or BF16 patterns
 * @param outer 0: scales [panel][group][32], applied to the sums of each group; 1: scales [panel ∕ share][width],
 *   multiplied into the activations x, which are packed here; then `a` is unused and `group` is `inner`
 * @param width inner indices that a panel of W holds, of which the first `inner` are used
 */
export function gemmInt4(
  begin: i32, end: i32, scratch: usize, mode: i32, flush: i32, outer: i32, share: i32, x: usize, float: i32, a: usize,
  rows: i32, inner: i32, width: i32, group: i32, codes: usize, scales: usize, c: usize, stride: usize,
): void {
  const sums = scratch + 2 * SIGNS;
  const groups = (inner + group - 1) / group;
  const held = (width + group - 1) / group;
  const table = mode == TABLE || mode == TABLE_BF16;
  const bf16 = mode == TABLE_BF16 || mode == EXACT_BF16;
  let packed = -1;
  let used = mode;
  if (outer) a = sums + (<usize>rows << 7);
  fill(sums, rows, 128, 0);
  for (let panel = begin; panel < end; panel++) {
    if (outer && panel / share != packed) {
      packed = panel / share;
      const factors = scales + ((<usize>packed * width) << 2);
      const wide = packActivations(x, rows, inner, a, table, table || mode == EXACT_BF16, flush != 0, factors, float != 0);
      used = wide && mode == FUSED ? MULTIPLY_ADD : mode;
    }
    const out = c + (<usize>panel << 7);
    const column = codes + ((<usize>panel * width) << 4);
    fill(out, rows, stride, EMPTY);
    for (let g = 0; g < groups; g++) {
      const last = min((g + 1) * group, inner);
      if (rows == 1 && (used == FUSED || used == MULTIPLY_ADD)) {
        const begin = <usize>(g * group);
        rowGroup(used, flush != 0, a + (begin << 2), column + (begin << 4), last - g * group, sums);
      } else for (let at = g * group; at < last; at += BLOCK) {
        const count = min(BLOCK, last - at);
        anyBlock(used, flush != 0, a, rows, inner, at, count, column + (<usize>at << 4), scratch, sums);
      }
      if (outer) break;
      const factors = scales + (<usize>(panel * held + g) << 7);
      if (bf16) {
        if (flush) addScaled(true, true, sums, factors, out, rows, stride);
        else addScaled(true, false, sums, factors, out, rows, stride);
      } else if (flush) addScaled(false, true, sums, factors, out, rows, stride);
      else addScaled(false, false, sums, factors, out, rows, stride);
    }
    for (let row = 0; row < rows; row++) {
      const line = out + <usize>row * stride;
      const sum = sums + (<usize>row << 7);
      for (let i: usize = 0; i < 128; i += 16) {
        const value = v128.load((outer ? sum : line) + i);
        v128.store(line + i, canonicalNaN(value));
      }
    }
    if (outer) fill(sums, rows, 128, 0);
  }
}
