/** Output columns per panel: eight vectors of four, the widest tile. */
export const PANEL = 32;

export const panelCount = (outputs: number): number => Math.ceil(outputs / PANEL);

/** W [outputs][inner] to panels [panel][inner][32], columns past the end zero. */
export function packFloatPanels(
  weights: Float32Array,
  outputs: number,
  inner: number,
  to: Float32Array,
): void {
  for (let o = 0; o < panelCount(outputs) * PANEL; o++) {
    let at = Math.floor(o / PANEL) * inner * PANEL + (o % PANEL);
    const row = o * inner;
    for (let i = 0; i < inner; i++, at += PANEL) to[at] = o < outputs ? weights[row + i]! : 0;
  }
}

/**
 * The same for BF16 words. Of eight columns, c and c + 4 share a 32-bit word, so that one shift and one mask
 * expand a vector to two vectors of four neighbouring columns.
 */
export function packBf16Panels(weights: Uint16Array, outputs: number, inner: number, to: Uint16Array): void {
  for (let o = 0; o < panelCount(outputs) * PANEL; o++) {
    const column = o % PANEL;
    const place = (column & ~7) + (column & 3) * 2 + ((column >> 2) & 1);
    let at = Math.floor(o / PANEL) * inner * PANEL + place;
    const row = o * inner;
    for (let i = 0; i < inner; i++, at += PANEL) to[at] = o < outputs ? weights[row + i]! : 0;
  }
}
