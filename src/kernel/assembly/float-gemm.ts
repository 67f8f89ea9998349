// FP32 GEMM over prepacked panels of 32 output columns: FP32 weights are read in place, BF16 weights expanded
// one K block at a time.
import { MULTIPLY_ADD, canonicalNaN } from './step';
import { panelBlock } from './tiles';

/** Inner indices per block: 128·32 weights of 4 bytes stay in the first-level cache while all rows pass. */
const BLOCK: i32 = 128;

/** 32·count BF16 weights to FP32. Stored so that even and odd halves of a word are four columns apart. */
function expandBf16(from: usize, to: usize, count: i32): void {
  const high = i32x4.splat(0xffff0000);
  const end = from + (<usize>count << 6);
  while (from < end) {
    const pairs = v128.load(from);
    v128.store(to, i32x4.shl(pairs, 16));
    v128.store(to, v128.and(pairs, high), 16);
    from += 16;
    to += 32;
  }
}

/** Panels [begin, end) of c = x·Wᵀ. c: rows × stride bytes, padded to whole panels. */
export function gemmFloat(
  begin: i32, end: i32, scratch: usize, bf16: i32, a: usize, rows: i32, inner: i32, w: usize, c: usize, stride: usize,
): void {
  const column: usize = bf16 ? 64 : 128;
  for (let panel = begin; panel < end; panel++) {
    const out = c + (<usize>panel << 7);
    for (let row = 0; row < rows; row++) memory.fill(out + <usize>row * stride, 0, 128);
    const weights = w + <usize>panel * inner * column;
    for (let block = 0; block < inner; block += BLOCK) {
      const count = min(BLOCK, inner - block);
      let from = weights + <usize>block * column;
      if (bf16) {
        expandBf16(from, scratch, count);
        from = scratch;
      }
      panelBlock(MULTIPLY_ADD, false, a, rows, inner, block, count, from, out, stride);
    }
    for (let row = 0; row < rows; row++) {
      const line = out + <usize>row * stride;
      for (let i: usize = 0; i < 128; i += 16) v128.store(line + i, canonicalNaN(v128.load(line + i)));
    }
  }
}
