import type { GemmJob } from './gemm.ts';
import { DEFAULT_WINDOWS, nodeFunction } from './node-function.ts';
import type { NonlinearJob } from './nonlinear.ts';
import { randomGemm, randomTensor } from './random-job.ts';

/** The work on which gates are measured and that testbenches hold: one tile of full height each, of seed 1. */
export const GEMM = { m: 8, k: 32, seed: 1 } as const;
export const SOFTMAX = { keys: 8, seed: 1 } as const;
const SILU = { mappings: 4, seed: 1 } as const;
export const SOFTMAX_FUNCTION = nodeFunction('exp', DEFAULT_WINDOWS.exp);
const SILU_FUNCTION = nodeFunction('silu', DEFAULT_WINDOWS.silu);

/** The GEMM as a job for a node of `rows` rows. */
export const gemmStimulus = (rows: number, k: number = GEMM.k, seed: number = GEMM.seed): GemmJob =>
  randomGemm({ rows, m: GEMM.m, k, n: rows, seed, accumulation: 'bf16' });

/** The softmax as a job for a node of `rows` rows. */
export const softmaxStimulus = (rows: number): NonlinearJob => ({
  rows,
  softmax: true,
  function: SOFTMAX_FUNCTION,
  ...randomTensor('softmax', rows, SOFTMAX.keys, SOFTMAX.seed),
});

/** Four mappings of SiLU as a job for a node of `rows` rows. */
export const siluStimulus = (rows: number): NonlinearJob => ({
  rows,
  softmax: false,
  function: SILU_FUNCTION,
  ...randomTensor('silu', SILU.mappings, rows, SILU.seed),
});
