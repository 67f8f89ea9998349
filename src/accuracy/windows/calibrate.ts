import { setImmediate } from 'node:timers/promises';
import { placesOf } from '../../model/config/places.ts';
import type { LoadedModel } from '../../model/model.ts';
import { batchOf, type Block } from '../data/blocks.ts';
import { arithmeticFor, FULL_PRECISION } from '../score/precision.ts';
import { type Calibration, calibratingEvaluator } from './histogram.ts';
import { restoreCalibration, type StoredCalibration, storeCalibration } from './stored-calibration.ts';

/** Milliseconds of work between two moments at which an accumulated pass is kept. */
export const KEEP_EVERY_MS = 200;

/** Where a calibration is kept that may be interrupted. */
export interface KeptCalibration {
  stored: StoredCalibration | undefined;
  store(calibration: StoredCalibration): void;
}

/**
 * One exact pass of the model over `blocks` that fills the exponent histograms of every layer and head.
 * @param enough asked behind each block; the pass ends where it says so
 */
export async function calibrate(
  model: LoadedModel,
  blocks: readonly Block[],
  { groupRows, mantissaBits }: { groupRows: number; mantissaBits: number },
  onProgress?: (done: number, total: number) => void,
  kept?: KeptCalibration,
  enough: (calibration: Calibration, blocks: number) => boolean = () => false,
): Promise<Calibration> {
  const { unit, calibration } = calibratingEvaluator(placesOf(model.config), groupRows, mantissaBits);
  if (kept?.stored) restoreCalibration(calibration, kept.stored);
  const done = kept?.stored?.blocks ?? 0;
  // What was kept had not been asked about.
  if (done > 0 && enough(calibration, done)) return calibration;
  let last = performance.now();
  for (const [i, block] of blocks.entries()) {
    if (i < done) continue;
    model.forward(batchOf([block]), arithmeticFor(FULL_PRECISION, unit));
    if (kept && performance.now() - last > KEEP_EVERY_MS) {
      kept.store(storeCalibration(calibration, i + 1));
      last = performance.now();
    }
    onProgress?.(i + 1, blocks.length);
    if (enough(calibration, i + 1)) break;
    await setImmediate();
  }
  return calibration;
}
