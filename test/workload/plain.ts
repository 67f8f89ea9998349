import type { WorkloadOptions } from '../../src/workload/options.ts';

/** A small use, in the bits of the paper. */
export const plain: WorkloadOptions = {
  batch: 2,
  context: 40,
  prefill: 10,
  activationBits: 16,
  weightBits: 4,
  kvBits: 4,
};
