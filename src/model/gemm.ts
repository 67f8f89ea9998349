/** A row-major matrix inside a larger array: element (r, c) is data[offset + r·stride + c]. */
export interface MatrixView {
  data: Float32Array;
  offset: number;
  stride: number;
}

/**
 * y[r, c] = scale · Σ_k x[r, k] · w[c, k]: x [rows × depth], w [columns × depth], y [rows × columns]. Both operands
 * run along k, so queries × keys and activations × weights have the same form. Sums are kept in double precision.
 */
export function gemmTransposed(
  x: MatrixView,
  w: MatrixView,
  y: MatrixView,
  rows: number,
  columns: number,
  depth: number,
  scale = 1,
): void {
  const tiledRows = rows - (rows % 4);
  const tiledColumns = columns - (columns % 4);
  const a = x.data;
  const b = w.data;
  const out = y.data;
  for (let c = 0; c < tiledColumns; c += 4) {
    const b0 = w.offset + c * w.stride;
    const b1 = b0 + w.stride;
    const b2 = b1 + w.stride;
    const b3 = b2 + w.stride;
    for (let r = 0; r < tiledRows; r += 4) {
      const a0 = x.offset + r * x.stride;
      const a1 = a0 + x.stride;
      const a2 = a1 + x.stride;
      const a3 = a2 + x.stride;
      let s00 = 0,
        s01 = 0,
        s02 = 0,
        s03 = 0,
        s10 = 0,
        s11 = 0,
        s12 = 0,
        s13 = 0;
      let s20 = 0,
        s21 = 0,
        s22 = 0,
        s23 = 0,
        s30 = 0,
        s31 = 0,
        s32 = 0,
        s33 = 0;
      for (let k = 0; k < depth; k++) {
        const w0 = b[b0 + k]!,
          w1 = b[b1 + k]!,
          w2 = b[b2 + k]!,
          w3 = b[b3 + k]!;
        const x0 = a[a0 + k]!,
          x1 = a[a1 + k]!,
          x2 = a[a2 + k]!,
          x3 = a[a3 + k]!;
        s00 += x0 * w0;
        s01 += x0 * w1;
        s02 += x0 * w2;
        s03 += x0 * w3;
        s10 += x1 * w0;
        s11 += x1 * w1;
        s12 += x1 * w2;
        s13 += x1 * w3;
        s20 += x2 * w0;
        s21 += x2 * w1;
        s22 += x2 * w2;
        s23 += x2 * w3;
        s30 += x3 * w0;
        s31 += x3 * w1;
        s32 += x3 * w2;
        s33 += x3 * w3;
      }
      let at = y.offset + r * y.stride + c;
      out[at] = s00 * scale;
      out[at + 1] = s01 * scale;
      out[at + 2] = s02 * scale;
      out[at + 3] = s03 * scale;
      at += y.stride;
      out[at] = s10 * scale;
      out[at + 1] = s11 * scale;
      out[at + 2] = s12 * scale;
      out[at + 3] = s13 * scale;
      at += y.stride;
      out[at] = s20 * scale;
      out[at + 1] = s21 * scale;
      out[at + 2] = s22 * scale;
      out[at + 3] = s23 * scale;
      at += y.stride;
      out[at] = s30 * scale;
      out[at + 1] = s31 * scale;
      out[at + 2] = s32 * scale;
      out[at + 3] = s33 * scale;
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < tiledRows ? tiledColumns : 0; c < columns; c++) {
      let sum = 0;
      const ar = x.offset + r * x.stride;
      const bc = w.offset + c * w.stride;
      for (let k = 0; k < depth; k++) sum += a[ar + k]! * b[bc + k]!;
      out[y.offset + r * y.stride + c] = sum * scale;
    }
  }
}

/** y[r, c] = Σ_k x[r, k] · w[k, c]: probabilities × values. x [rows × depth], w [depth × columns]. */
export function gemm(
  x: MatrixView,
  w: MatrixView,
  y: MatrixView,
  rows: number,
  columns: number,
  depth: number,
): void {
  const a = x.data;
  const b = w.data;
  const out = y.data;
  const sums = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    sums.fill(0);
    const ar = x.offset + r * x.stride;
    for (let k = 0; k < depth; k++) {
      const p = a[ar + k]!;
      if (p === 0) continue;
      const bk = w.offset + k * w.stride;
      for (let c = 0; c < columns; c++) sums[c]! += p * b[bk + c]!;
    }
    out.set(sums, y.offset + r * y.stride);
  }
}
