import { type NormWeights, normaliseRows } from '../../kernel/vector.ts';
import { sharedKernels } from '../weight/kernel-memory.ts';

/** 1/√x of a mean square or a variance: exact where none is given. */
export type InverseSqrt = (x: number) => number;

export type Norm = NormWeights;

/** Rows of x [rows × width] by LayerNorm where there is a bias, else by RMSNorm, as `VectorKernels.normalise` defines them. */
export function normalised(
  x: Float32Array,
  rows: number,
  norm: Norm,
  epsilon: number,
  inverseSqrt?: InverseSqrt,
): Float32Array {
  const y = x.slice(0, rows * norm.weight.length);
  if (inverseSqrt === undefined) sharedKernels().vector.normalise(y, norm, epsilon);
  else normaliseRows(y, norm, epsilon, inverseSqrt);
  return y;
}
