/**
 * The machines that the technology `gates` is made of, and the batches that each is measured at: every kind at 64 and 256
 * multiply-accumulates a cycle, the former at three batches, and smaller ones that the law for sizes is checked on.
 */
export const MEASURED_MACHINES: readonly { name: string; batches: readonly number[] }[] = [
  { name: 'mugi-8', batches: [8] },
  { name: 'mugi-64', batches: [1, 8, 16] },
  { name: 'mugi-256', batches: [8] },
  { name: 'sa-4', batches: [8] },
  { name: 'sa-8', batches: [1, 8, 16] },
  { name: 'sa-16', batches: [8] },
  { name: 'sa-8x32', batches: [8] },
  { name: 'sa-4-os', batches: [8] },
  { name: 'sa-8-os', batches: [1, 8, 16] },
  { name: 'sa-8x32-os', batches: [8] },
  { name: 'sd-4', batches: [8] },
  { name: 'sd-8', batches: [1, 8, 16] },
  { name: 'sd-8x32', batches: [8] },
  { name: 'sa-f-4', batches: [8] },
  { name: 'sa-f-8', batches: [1, 8, 16] },
  { name: 'sa-f-8x32', batches: [8] },
  { name: 'sd-f-4', batches: [8] },
  { name: 'sd-f-8', batches: [1, 8, 16] },
  { name: 'sd-f-8x32', batches: [8] },
  { name: 'carat-8', batches: [8] },
  { name: 'carat-64', batches: [1, 8, 16] },
  { name: 'carat-256', batches: [8] },
];
