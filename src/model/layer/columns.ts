/** Cuts x [rows × Σ widths] into matrices [rows × width]. */
export function columns(x: Float32Array, rows: number, widths: readonly number[]): Float32Array[] {
  const total = widths.reduce((a, b) => a + b, 0);
  let from = 0;
  return widths.map((width) => {
    const out = new Float32Array(rows * width);
    for (let r = 0; r < rows; r++) {
      out.set(x.subarray(r * total + from, r * total + from + width), r * width);
    }
    from += width;
    return out;
  });
}

/** Cuts rows that hold a query, a key and a value head by head, [rows × heads·3·headDim] (GPT-NeoX). */
export function headColumns(x: Float32Array, headDim: number): [Float32Array, Float32Array, Float32Array] {
  const parts = x.length / headDim;
  const cut = (which: number): Float32Array => {
    const out = new Float32Array(x.length / 3);
    for (let part = which; part < parts; part += 3) {
      out.set(x.subarray(part * headDim, (part + 1) * headDim), ((part - which) / 3) * headDim);
    }
    return out;
  };
  return [cut(0), cut(1), cut(2)];
}

/** Elements with even and with odd indices. */
export function alternate(x: Float32Array): [Float32Array, Float32Array] {
  const even = new Float32Array(x.length / 2);
  const odd = new Float32Array(x.length / 2);
  for (let i = 0; i < even.length; i++) {
    even[i] = x[2 * i];
    odd[i] = x[2 * i + 1];
  }
  return [even, odd];
}
