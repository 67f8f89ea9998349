// FP32 GEMM over prepacked panels of 32 output columns: FP32 weights are read in place, others expanded one K block
// at a time.
import { columnBytes, expandFloats, F32, scaleBytes } from './expand-floats';
import { MULTIPLY_ADD, canonicalNaN } from './step';
import { UNFUSED_ROWS } from './exact-tile';
import { panelBlock } from './tiles';

/** Inner indices per block: 128·32 weights of 4 bytes stay in the first-level cache while all rows pass. */
const BLOCK: i32 = 128;

/**
 * Panels [begin, end) of c = x·Wᵀ. c: rows × stride bytes, padded to whole panels.
 * @param width inner indices that a panel of W holds, of which the first `inner` are used
 */
export function gemmFloat(
  begin: i32, end: i32, scratch: usize, format: i32, a: usize, rows: i32, inner: i32, width: i32, w: usize, scales: usize,
  c: usize, stride: usize,
): void {
  const column = columnBytes(format);
  for (let panel = begin; panel < end; panel++) {
    const out = c + (<usize>panel << 7);
    for (let row = 0; row < rows; row++) memory.fill(out + <usize>row * stride, 0, 128);
    const weights = w + <usize>panel * width * column;
    for (let block = 0; block < inner; block += BLOCK) {
      const count = min(BLOCK, inner - block);
      let from = weights + <usize>block * column;
      if (format != F32) {
        expandFloats(format, from, scales + scaleBytes(panel, width, block), scratch, count);
        from = scratch;
      }
      panelBlock(MULTIPLY_ADD, false, UNFUSED_ROWS, a, rows, inner, block, count, from, out, stride);
    }
    for (let row = 0; row < rows; row++) {
      const line = out + <usize>row * stride;
      for (let i: usize = 0; i < 128; i += 16) v128.store(line + i, canonicalNaN(v128.load(line + i)));
    }
  }
}

/** One panel to FP32, [inner][32]. */
export function expandPanel(format: i32, panel: i32, inner: i32, w: usize, scales: usize, to: usize): void {
  const from = w + <usize>panel * inner * columnBytes(format);
  expandFloats(format, from, scales + scaleBytes(panel, inner, 0), to, inner);
}
