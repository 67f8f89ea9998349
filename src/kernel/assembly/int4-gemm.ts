// BF16 × INT4 GEMM over panels of 32 output columns; the definition is src/vlp/gemm.ts.
import { expandInt4 } from './expand';
import { rowGroup } from './int4-row';
import { tableRow } from './int4-table-row';
import { packActivations } from './pack';
import { scale } from './round';
import {
  canonicalNaN, EXACT_BF16, flushSubnormal, FUSED, halfUnit, highHalves, MULTIPLY_ADD, roundBf16, SIGNS, TABLE, TABLE_BF16,
  TABLE_SPLIT, usesTable,
} from './step';
import { panelBlock, tallestInt4 } from './tiles';

/** Inner indices per block: an expanded panel block stays in the first-level cache while all rows pass. */
const BLOCK: i32 = 64;
/** −0: adding the first scaled sum to it is loading it. */
export const EMPTY: u32 = 0x80000000;

@inline
function block(
  mode: i32, flush: bool, a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize,
): void {
  expandInt4(usesTable(mode), codes, to, count);
  const tallest = tallestInt4(usesTable(mode), mode == EXACT_BF16);
  panelBlock(mode, flush, tallest, a, rows, inner, at, count, to, sums, 128);
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
function tableSplit(a: usize, rows: i32, inner: i32, at: i32, count: i32, codes: usize, to: usize, sums: usize): void {
  block(TABLE_SPLIT, false, a, rows, inner, at, count, codes, to, sums);
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
  if (mode == TABLE_SPLIT) tableSplit(a, rows, inner, at, count, codes, to, sums);
  if (mode == EXACT_BF16) {
    if (flush) exactBf16Flush(a, rows, inner, at, count, codes, to, sums);
    else exactBf16Keep(a, rows, inner, at, count, codes, to, sums);
  }
}

/** Sets 32 columns of all rows. */
export function fill(from: usize, rows: i32, stride: usize, word: u32): void {
  for (let row = 0; row < rows; row++, from += stride) {
    for (let i: usize = 0; i < 128; i += 16) v128.store(from + i, i32x4.splat(word));
  }
}

/** total += sum·factor for all rows of a panel, each operation rounded; leaves the sums zero. No factors: 1. */
@inline
function addScaled(bf16: bool, flush: bool, sums: usize, factors: usize, out: usize, rows: i32, stride: usize): void {
  for (let row = 0; row < rows; row++, sums += 128, out += stride) {
    for (let i: usize = 0; i < 128; i += 16) {
      let sum = v128.load(sums + i);
      if (factors != 0) {
        let factor = v128.load(factors + i);
        if (flush) factor = flushSubnormal(factor);
        sum = scale(sum, factor, bf16, flush);
      }
      let total = f32x4.add(v128.load(out + i), sum);
      if (bf16) total = roundBf16(total, halfUnit(), highHalves());
      v128.store(out + i, flush ? flushSubnormal(total) : total);
      v128.store(sums + i, i32x4.splat(0));
    }
  }
}

/**
 * What a mode becomes when operands are as `packActivations` found them.
 * @param room bit 0: some product may leave FP32's range; bit 1: all sums are 0 or within 2^±100
 */
@inline
function modeFor(mode: i32, room: i32): i32 {
  if (mode == FUSED && room & 1) return MULTIPLY_ADD;
  return mode == TABLE_BF16 && room & 2 ? TABLE_SPLIT : mode;
}

@inline
export function addChain(
  bf16: bool, flush: bool, sums: usize, factors: usize, out: usize, rows: i32, stride: usize,
): void {
  if (bf16) {
    if (flush) addScaled(true, true, sums, factors, out, rows, stride);
    else addScaled(true, false, sums, factors, out, rows, stride);
  } else if (flush) addScaled(false, true, sums, factors, out, rows, stride);
  else addScaled(false, false, sums, factors, out, rows, stride);
}

@inline
export function finish(out: usize, rows: i32, stride: usize): void {
  for (let row = 0; row < rows; row++, out += stride) {
    for (let i: usize = 0; i < 128; i += 16) v128.store(out + i, canonicalNaN(v128.load(out + i)));
  }
}

/**
 * Panels [begin, end) with scales that follow the sums. scratch: 2·SIGNS bytes for an expanded block, then sums
 * [rows][32].
 * @param room what `packActivations` found
 * @param a activations, packed
 * @param width inner indices that a panel of W holds, of which the first `inner` are used
 * @param group inner indices that share a scale; scales [panel][group][32]
 * @param chain inner indices that are summed before the vector unit takes the sum, counted from the start of a group
 */
export function gemmInt4(
  begin: i32, end: i32, scratch: usize, mode: i32, room: i32, flush: i32, a: usize, rows: i32, inner: i32, width: i32,
  group: i32, chain: i32, codes: usize, scales: usize, c: usize, stride: usize,
): void {
  const sums = scratch + 2 * SIGNS;
  const groups = (inner + group - 1) / group;
  const held = (width + group - 1) / group;
  const bf16 = mode == TABLE_BF16 || mode == EXACT_BF16;
  const used = modeFor(mode, room);
  fill(sums, rows, 128, 0);
  for (let panel = begin; panel < end; panel++) {
    const out = c + (<usize>panel << 7);
    const column = codes + ((<usize>panel * width) << 4);
    fill(out, rows, stride, EMPTY);
    for (let g = 0; g < groups; g++) {
      const factors = scales + (<usize>(panel * held + g) << 7);
      const stop = min((g + 1) * group, inner);
      for (let first = g * group; first < stop; first += chain) {
        const last = min(first + chain, stop);
        if (rows == 1 && (used == FUSED || used == MULTIPLY_ADD)) {
          const from = <usize>first;
          rowGroup(used, flush != 0, a + (from << 2), column + (from << 4), last - first, sums);
        } else if (rows == 1 && usesTable(used)) {
          const from = <usize>first << 4;
          tableRow(used, flush != 0, a + 2 * from, column + from, last - first, sums);
        } else for (let at = first; at < last; at += BLOCK) {
          const count = min(BLOCK, last - at);
          anyBlock(used, flush != 0, a, rows, inner, at, count, column + (<usize>at << 4), scratch, sums);
        }
        addChain(bf16, flush != 0, sums, factors, out, rows, stride);
      }
    }
    finish(out, rows, stride);
  }
}

/** Panels that share one packing of the activations. */
const ABREAST: i32 = 4;

/**
 * The same with scales [panel ∕ share][width] that are multiplied into the activations x first, which are packed here,
 * block by block, so that they stay in the second-level cache. scratch: an expanded block, then sums
 * [ABREAST][rows][32], then a packed block.
 * @param repeated 1 where repeated additions make the table's multiples, else 0
 * @param float whether the activations x are FP32, to be rounded, or BF16 patterns
 */
export function gemmInt4Outer(
  begin: i32, end: i32, scratch: usize, mode: i32, repeated: i32, flush: i32, share: i32, x: usize, float: i32, rows: i32, inner: i32,
  width: i32, chain: i32, codes: usize, scales: usize, c: usize, stride: usize,
): void {
  const table = usesTable(mode);
  const narrow = table || mode == EXACT_BF16;
  const bf16 = mode == TABLE_BF16 || mode == EXACT_BF16;
  const size: usize = float ? 4 : 2;
  const sums = scratch + 2 * SIGNS;
  const each = <usize>rows << 7;
  const a = sums + ABREAST * each;
  for (let first = begin; first < end; ) {
    const place = first / share;
    const last = min(min(first + ABREAST, end), (place + 1) * share);
    const factors = scales + ((<usize>place * width) << 2);
    fill(sums, (last - first) * rows, 128, 0);
    for (let panel = first; panel < last; panel++) fill(c + (<usize>panel << 7), rows, stride, EMPTY);
    for (let start = 0; start < inner; start += chain) {
      const stop = min(start + chain, inner);
      // A sum that left the range in one block of a chain is still outside in the next.
      let within = 2;
      for (let at = start; at < stop; at += BLOCK) {
        const count = min(BLOCK, stop - at);
        const from = x + <usize>at * size;
        const room = packActivations(
          from, rows, count, inner, a, table ? 1 + repeated : 0, narrow, flush != 0, factors + (<usize>at << 2), float != 0,
        );
        within &= room;
        const used = modeFor(mode, (room & 1) | within);
        for (let panel = first; panel < last; panel++) {
          const column = codes + ((<usize>panel * width + at) << 4);
          if (rows == 1 && table) tableRow(used, flush != 0, a, column, count, sums + <usize>(panel - first) * each);
          else anyBlock(used, flush != 0, a, rows, count, 0, count, column, scratch, sums + <usize>(panel - first) * each);
        }
      }
      for (let panel = first; panel < last; panel++) {
        addChain(bf16, flush != 0, sums + <usize>(panel - first) * each, 0, c + (<usize>panel << 7), rows, stride);
      }
    }
    for (let panel = first; panel < last; panel++) finish(c + (<usize>panel << 7), rows, stride);
    first = last;
  }
}
