import { type NormWeights, normaliseRows } from '../../kernel/vector.ts';
import { sharedKernels } from '../weight/kernel-memory.ts';

/** 1/√x of a mean square or a variance: exact where none is given. */
export type InverseSqrt = (x: number) => number;

/** Weights of a LayerNorm. */
export interface Norm {
  weight: Float32Array;
  bias: Float32Array;
}

/** RMSNorm: y = x / √(mean x² + ε) · weight, row by row. x [rows × width]. */
export const rmsNorm = (
  x: Float32Array,
  rows: number,
  weight: Float32Array,
  epsilon: number,
  inverseSqrt?: InverseSqrt,
): Float32Array => normalised(x, rows, { weight }, epsilon, inverseSqrt);

/** LayerNorm: y = (x − mean) / √(variance + ε) · weight + bias, row by row. x [rows × width]. */
export const layerNorm = (
  x: Float32Array,
  rows: number,
  weight: Float32Array,
  bias: Float32Array,
  epsilon: number,
  inverseSqrt?: InverseSqrt,
): Float32Array => normalised(x, rows, { weight, bias }, epsilon, inverseSqrt);

function normalised(
  x: Float32Array,
  rows: number,
  norm: NormWeights,
  epsilon: number,
  inverseSqrt?: InverseSqrt,
): Float32Array {
  const y = x.slice(0, rows * norm.weight.length);
  if (inverseSqrt === undefined) sharedKernels().vector.normalise(y, norm, epsilon);
  else normaliseRows(y, norm, epsilon, inverseSqrt);
  return y;
}
