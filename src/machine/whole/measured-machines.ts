import { SPARSE_BATCH, WHOLE_BATCH } from '../../technology/whole-machine.ts';

/** Batches that machines of the technology `gates` are measured at: two make prices, and the third checks them. */
export const MEASURED_BATCHES = [SPARSE_BATCH, WHOLE_BATCH, 2 * WHOLE_BATCH] as const;

/**
 * Every kind of machine at 64 and at 256 multiply-accumulates a cycle, arrays as a rectangle that a batch of 8 fills and as a
 * square, and some sizes more that the law for sizes is checked on.
 */
export const MEASURED_MACHINES: readonly string[] = [
  'mugi-64',
  'mugi-128',
  'mugi-256',
  'sa-8',
  'sa-8x32',
  'sa-16',
  'sa-8-os',
  'sa-8x32-os',
  'sa-16-os',
  'sd-8',
  'sd-8x32',
  'sd-16',
  'sa-f-8',
  'sa-f-8x32',
  'sa-f-16',
  'sd-f-4',
  'sd-f-8',
  'sd-f-8x32',
  'sd-f-16',
  'pick-8',
  'pick-16',
  'pick-8x32',
  'carat-64',
  'carat-256',
];
