import type { Calibration, InputHistogram } from './histogram.ts';

/** A histogram as JSON: only the cells that hold anything. */
interface StoredHistogram {
  rows: number;
  cells: number[];
  count: number[];
  inside: number[];
  below: number[];
  above: number[];
}

/** A calibration as far as it has come, exact to the last bit: histograms in the order softmax, activation. */
export interface StoredCalibration {
  /** Blocks, or pieces of whole blocks, that are in it. */
  blocks: number;
  histograms: StoredHistogram[];
}

const FIELDS = ['count', 'inside', 'below', 'above'] as const;

const all = ({ softmax, activation }: Calibration): InputHistogram[] => [...softmax.flat(), ...activation];

export const storeCalibration = (calibration: Calibration, blocks: number): StoredCalibration => ({
  blocks,
  histograms: all(calibration).map((histogram) => {
    const cells = [...histogram.count.keys()].filter((cell) => histogram.count[cell] > 0);
    const of = (field: (typeof FIELDS)[number]) => cells.map((cell) => histogram[field][cell]);
    return {
      rows: histogram.rows,
      cells,
      count: of('count'),
      inside: of('inside'),
      below: of('below'),
      above: of('above'),
    };
  }),
});

/** Fills an empty calibration of the same model. */
export function restoreCalibration(into: Calibration, { histograms }: StoredCalibration): void {
  for (const [i, histogram] of all(into).entries()) {
    const stored = histograms[i];
    histogram.rows = stored.rows;
    for (const field of FIELDS) {
      for (const [k, cell] of stored.cells.entries()) histogram[field][cell] = stored[field][k];
    }
  }
}
