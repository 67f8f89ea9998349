/** 1/√x of a mean square or a variance: exact where none is given. */
export type InverseSqrt = (x: number) => number;

const exact: InverseSqrt = (x) => 1 / Math.sqrt(x);

/** Weights of a LayerNorm. */
export interface Norm {
  weight: Float32Array;
  bias: Float32Array;
}

/** RMSNorm: y = x / √(mean x² + ε) · weight, row by row. x [rows × width]. */
export function rmsNorm(
  x: Float32Array,
  rows: number,
  weight: Float32Array,
  epsilon: number,
  inverseSqrt: InverseSqrt = exact,
): Float32Array {
  const width = weight.length;
  const y = new Float32Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const at = r * width;
    let squares = 0;
    for (let i = 0; i < width; i++) squares += x[at + i] * x[at + i];
    const scale = inverseSqrt(squares / width + epsilon);
    for (let i = 0; i < width; i++) y[at + i] = x[at + i] * scale * weight[i];
  }
  return y;
}

/** LayerNorm: y = (x − mean) / √(variance + ε) · weight + bias, row by row. x [rows × width]. */
export function layerNorm(
  x: Float32Array,
  rows: number,
  weight: Float32Array,
  bias: Float32Array,
  epsilon: number,
  inverseSqrt: InverseSqrt = exact,
): Float32Array {
  const width = weight.length;
  const y = new Float32Array(rows * width);
  for (let r = 0; r < rows; r++) {
    const at = r * width;
    let sum = 0;
    for (let i = 0; i < width; i++) sum += x[at + i];
    const mean = sum / width;
    let squares = 0;
    for (let i = 0; i < width; i++) squares += (x[at + i] - mean) ** 2;
    const scale = inverseSqrt(squares / width + epsilon);
    for (let i = 0; i < width; i++) y[at + i] = (x[at + i] - mean) * scale * weight[i] + bias[i];
  }
  return y;
}
