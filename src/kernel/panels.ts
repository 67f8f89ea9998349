import { quiet } from '../number/bf16.ts';
import { toSignMagnitude } from '../number/int4.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import { BLOCK, type BlockMatrix, type Strides } from './kernels.ts';

/** Output columns per panel: eight vectors of four, the widest tile. */
export const PANEL = 32;

export const panelCount = (outputs: number): number => Math.ceil(outputs / PANEL);

/** W [outputs][inner] to panels [panel][inner][32], columns past the end zero. */
export function packFloatPanels(
  weights: Float32Array,
  outputs: number,
  inner: number,
  strides: Strides,
  to: Float32Array,
): void {
  for (let o = 0; o < panelCount(outputs) * PANEL; o++) {
    let at = Math.floor(o / PANEL) * inner * PANEL + (o % PANEL);
    let from = o * strides.output;
    for (let i = 0; i < inner; i++, at += PANEL, from += strides.inner)
      to[at] = o < outputs ? weights[from]! : 0;
  }
}

/**
 * The same for 16-bit words. Of eight columns, c and c + 4 share a 32-bit word, so that one shift and one mask
 * expand a vector to two vectors of four neighbouring columns.
 */
export function packWordPanels(weights: Uint16Array, outputs: number, inner: number, to: Uint16Array): void {
  for (let o = 0; o < panelCount(outputs) * PANEL; o++) {
    const column = o % PANEL;
    const place = (column & ~7) + (column & 3) * 2 + ((column >> 2) & 1);
    let at = Math.floor(o / PANEL) * inner * PANEL + place;
    const row = o * inner;
    for (let i = 0; i < inner; i++, at += PANEL) to[at] = o < outputs ? weights[row + i]! : 0;
  }
}

/** Block values to bytes [panel][inner][32], or to nibbles of value + 8 [panel][inner][16] as INT4 codes lie. */
export function packBlockPanels(format: 'q8' | 'q4', weights: BlockMatrix, to: Uint8Array): void {
  const { outputs, inner, values } = weights;
  to.fill(0);
  const size = format === 'q8' ? PANEL : PANEL / 2;
  for (let o = 0; o < outputs; o++) {
    const column = o % PANEL;
    let at = Math.floor(o / PANEL) * inner * size + (column & (size - 1));
    for (let i = o * inner; i < (o + 1) * inner; i++, at += size) {
      if (format === 'q8') to[at] = values[i]!;
      else to[at]! |= (values[i]! + 8) << (column & 16 ? 4 : 0);
    }
  }
}

/** Scales of blocks to [panel][inner ∕ 32][32]. */
export function packBlockScales({ outputs, inner, scales }: BlockMatrix, to: Float32Array): void {
  packFloatPanels(scales, outputs, inner / BLOCK, { output: inner / BLOCK, inner: 1 }, to);
}

/** How the outputs of an INT4 operand lie in panels: no panel crosses a group of outputs that shares scales. */
export interface Int4Layout {
  /** Outputs per group, the last may have fewer; all of them when scales lie along the inner index. */
  share: number;
  /** Panels per group. */
  panelsPerShare: number;
  panels: number;
}

export function int4Layout(matrix: QuantizedMatrix): Int4Layout {
  const share = matrix.axis === 'outer' ? Math.min(matrix.groupSize, matrix.outputs) : matrix.outputs;
  const panelsPerShare = panelCount(share);
  const whole = Math.floor(matrix.outputs / share);
  return { share, panelsPerShare, panels: whole * panelsPerShare + panelCount(matrix.outputs % share) };
}

/** First column, in padded panels, of output `o`. */
export function paddedColumn(layout: Int4Layout, o: number): number {
  return Math.floor(o / layout.share) * layout.panelsPerShare * PANEL + (o % layout.share);
}

/** Values to sign-magnitude codes [panel][inner][16 bytes]: columns 0…15 in low nibbles, 16…31 in high ones. */
export function packInt4Panels(matrix: QuantizedMatrix, layout: Int4Layout, to: Uint8Array): void {
  const { outputs, inner, values } = matrix;
  to.fill(0);
  const codes = Uint8Array.from({ length: 15 }, (_, i) => toSignMagnitude(i - 7));
  for (let o = 0; o < outputs; o++) {
    const column = paddedColumn(layout, o);
    const shift = column & 16 ? 4 : 0;
    let at = Math.floor(column / PANEL) * inner * 16 + (column & 15);
    for (let i = 0; i < inner; i++, at += 16) to[at]! |= codes[values[o * inner + i]! + 7]! << shift;
  }
}

/** Scales as FP32 words: [panel][group][32] along the inner index, [group][inner] along the outputs. */
export function packScales(matrix: QuantizedMatrix, to: Uint32Array): void {
  const { outputs, scales, axis } = matrix;
  if (axis === 'outer') {
    for (let i = 0; i < scales.length; i++) to[i] = quiet(scales[i]!) << 16;
    return;
  }
  const groups = scales.length / outputs;
  to.fill(0);
  for (let o = 0; o < outputs; o++) {
    let at = Math.floor(o / PANEL) * groups * PANEL + (o % PANEL);
    for (let g = 0; g < groups; g++, at += PANEL) to[at] = quiet(scales[o * groups + g]!) << 16;
  }
}
