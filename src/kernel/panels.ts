import { quiet } from '../number/bf16.ts';
import { toSignMagnitude } from '../number/int4.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import type { Place, Strides } from './kernels.ts';

/** Output columns per panel: eight vectors of four, the widest tile. */
export const PANEL = 32;

export const panelCount = (outputs: number): number => Math.ceil(outputs / PANEL);

/*
 * W [outputs][inner] lies in panels [panel][inner][32], columns past the end zero. In 16-bit formats, of eight columns,
 * c and c + 4 share a 32-bit word, so that one shift and one mask expand a vector to two vectors of four neighbouring
 * columns.
 */

/** FP32 weights to panels, from any strides. Rows that lie close are put in order by src/kernel/assembly/pack-weights.ts. */
export function packFloatPanels(
  weights: Float32Array,
  outputs: number,
  inner: number,
  strides: Strides,
  to: Float32Array,
): void {
  if (outputs % PANEL !== 0) to.fill(0);
  writeFloats(to, inner, { output: 0, inner: 0 }, { output: outputs, inner }, weights, strides);
}

/** A block of W into panels of `width` inner indices. */
export function writeFloats(
  to: Float32Array,
  width: number,
  at: Place,
  shape: Place,
  values: Float32Array,
  strides: Strides,
): void {
  for (let n = 0; n < shape.output; n++) {
    const o = at.output + n;
    let place = (Math.floor(o / PANEL) * width + at.inner) * PANEL + (o % PANEL);
    let from = n * strides.output;
    for (let i = 0; i < shape.inner; i++, place += PANEL, from += strides.inner) to[place] = values[from];
  }
}

/** How the outputs of an INT4 operand lie in panels: no panel crosses a group of outputs that shares scales. */
export interface Int4Layout {
  /** Outputs per group, the last may have fewer; all of them when scales lie along the inner index. */
  share: number;
  /** Panels per group. */
  panelsPerShare: number;
  panels: number;
}

export function int4Layout(matrix: Pick<QuantizedMatrix, 'outputs' | 'axis' | 'groupSize'>): Int4Layout {
  const share = matrix.axis === 'outer' ? Math.min(matrix.groupSize, matrix.outputs) : matrix.outputs;
  const panelsPerShare = panelCount(share);
  const whole = Math.floor(matrix.outputs / share);
  return { share, panelsPerShare, panels: whole * panelsPerShare + panelCount(matrix.outputs % share) };
}

/** First column, in padded panels, of output `o`. */
export function paddedColumn(layout: Int4Layout, o: number): number {
  return Math.floor(o / layout.share) * layout.panelsPerShare * PANEL + (o % layout.share);
}

const CODES = Uint8Array.from({ length: 15 }, (_, i) => toSignMagnitude(i - 7));

/**
 * Values to sign-magnitude codes in panels of `width` inner indices, [panel][width][16 bytes]: columns 0…15 in low
 * nibbles, 16…31 in high ones.
 */
export function writeCodes(
  matrix: QuantizedMatrix,
  layout: Int4Layout,
  at: Place,
  width: number,
  to: Uint8Array,
): void {
  const { outputs, inner, values } = matrix;
  for (let o = 0; o < outputs; o++) {
    const column = paddedColumn(layout, at.output + o);
    const shift = column & 16 ? 4 : 0;
    const kept = 0xf0 >> shift;
    let place = (Math.floor(column / PANEL) * width + at.inner) * 16 + (column & 15);
    for (let i = o * inner; i < (o + 1) * inner; i++, place += 16) {
      to[place] = (to[place] & kept) | (CODES[values[i] + 7] << shift);
    }
  }
}

/** Scales along the outputs as FP32 words, [group][width]; the block begins at group `group`, index `first`. */
export function writeOuterScales(
  { scales, inner }: QuantizedMatrix,
  group: number,
  first: number,
  width: number,
  to: Uint32Array,
): void {
  for (let g = 0; g * inner < scales.length; g++) {
    const place = (group + g) * width + first;
    for (let i = 0; i < inner; i++) to[place + i] = quiet(scales[g * inner + i]) << 16;
  }
}

/** Scales along the inner index as FP32 words, [panel][group][32], from output `first` on. */
export function writeInnerScales({ outputs, scales }: QuantizedMatrix, first: number, to: Uint32Array): void {
  const groups = scales.length / outputs;
  for (let n = 0; n < outputs; n++) {
    const o = first + n;
    let at = Math.floor(o / PANEL) * groups * PANEL + (o % PANEL);
    for (let g = 0; g < groups; g++, at += PANEL) to[at] = quiet(scales[n * groups + g]) << 16;
  }
}
