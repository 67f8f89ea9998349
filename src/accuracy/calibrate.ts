import { setImmediate } from 'node:timers/promises';
import type { Model } from '../model/model.ts';
import { batchOf, type Block } from './blocks.ts';
import { type Calibration, calibrating } from './histogram.ts';

/** Targets of calibration text that windows are chosen on: exponents need few, as the docs show. */
export const CALIBRATION_TARGETS = 4096;

/** One exact pass of the model over `blocks` that fills the exponent histograms of every layer and head. */
export async function calibrate(
  model: Model,
  blocks: readonly Block[],
  { groupRows, mantissaBits }: { groupRows: number; mantissaBits: number },
  onProgress?: (done: number, total: number) => void,
): Promise<Calibration> {
  const { layers, heads } = model.config;
  const { unit, calibration } = calibrating(layers, heads, groupRows, mantissaBits);
  for (const [i, block] of blocks.entries()) {
    model.forward(batchOf([block]), {
      activations: 'fp32',
      weights: { type: 'stored' },
      kv: 'fp32',
      nonlinear: unit,
    });
    onProgress?.(i + 1, blocks.length);
    await setImmediate();
  }
  return calibration;
}
