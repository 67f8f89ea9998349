import { randomGemm } from '../mugi/program/random-job.ts';
import type { Stimulus } from './machine-energy.ts';

/** Normal activations and weights that are uniform from −7 to 7, as the Mugi node gets them; every lane a seed. */
export const randomStimulus = (seed: number): { name: string; draw: Stimulus } => ({
  name: `random GEMM, seed ${seed}`,
  draw: ({ m, k, n }, lane) => ({
    ...randomGemm({ rows: n, m, k, n, group: k, seed: (seed * 1009 + lane) % 2 ** 32 }),
    group: k,
  }),
});
