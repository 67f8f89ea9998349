/** A machine of the technology `gates`, and how it is measured. */
export interface ToMeasure {
  name: string;
  batches: readonly number[];
}

const THREE = [1, 8, 16];

/**
 * Every kind of machine at 64 and, but for Carat, at 256 multiply-accumulates a cycle, and a smaller one that the law for
 * sizes is checked on.
 */
export const MEASURED_MACHINES: readonly ToMeasure[] = [
  { name: 'mugi-64', batches: THREE },
  { name: 'mugi-256', batches: [8] },
  { name: 'sa-8', batches: THREE },
  { name: 'sa-8x32', batches: [8] },
  { name: 'sa-8-os', batches: THREE },
  { name: 'sa-8x32-os', batches: [8] },
  { name: 'sd-8', batches: THREE },
  { name: 'sd-8x32', batches: [8] },
  { name: 'sa-f-8', batches: THREE },
  { name: 'sa-f-8x32', batches: [8] },
  { name: 'sd-f-4', batches: [8] },
  { name: 'sd-f-8', batches: THREE },
  { name: 'sd-f-8x32', batches: [8] },
  { name: 'pick-8', batches: THREE },
  { name: 'pick-16', batches: [8, 16] },
  { name: 'pick-8x32', batches: [8] },
  { name: 'carat-64', batches: THREE },
];
