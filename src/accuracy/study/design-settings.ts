import { sharedRows } from '../../design/computed.ts';
import type { Design } from '../../design/design.ts';
import type { NonlinearSettings } from './method-settings.ts';

/** What of the settings a design decides: its table, its sum of a row, its switches, and inputs that share a window. */
export const designSettings = ({
  arithmetic: { lut, softmax, functions },
  array,
}: Pick<Design, 'arithmetic' | 'array'>): Pick<
  NonlinearSettings,
  'mantissaBits' | 'lutSize' | 'groupRows' | 'rowSum' | 'functions'
> => ({
  mantissaBits: lut.mantissaBits,
  lutSize: lut.exponents,
  groupRows: sharedRows(array),
  rowSum: softmax.sum,
  functions,
});
