import { ONE, toBits } from '../../number/bf16.ts';
import { gemm, type GemmArithmetic } from '../../vlp/gemm.ts';
import type { ArrayJob } from './job.ts';

/**
 * What an array must compute: the definition of `src/vlp`, without cycles or cells. BF16 patterns, [m][n].
 * @param groupSize inner indices that share a scale
 */
export function arrayDefinition(
  { m, k, n, activations, weights, scales }: ArrayJob,
  groupSize: number,
  arithmetic: GemmArithmetic,
): Uint16Array {
  const matrix = {
    outputs: n,
    inner: k,
    values: weights,
    scales: scales ?? new Uint16Array(n * Math.ceil(k / groupSize)).fill(ONE),
    axis: 'inner',
    groupSize,
    clipped: 0,
  } as const;
  return Uint16Array.from(gemm(activations, m, matrix, arithmetic), toBits);
}
