import type { OpenedModel } from '../model/load.ts';
import type { Model } from '../model/model.ts';
import type { Block } from './blocks.ts';
import { calibrate, CALIBRATION_TARGETS } from './calibrate.ts';
import type { NonlinearSettings } from './methods.ts';
import { choose } from './split.ts';
import type { WindowEntry } from './window-file.ts';
import { chooseWindows, type Granularity } from './window-search.ts';

/** Automatic windows for a model: one exact pass over calibration blocks, then closed forms. */
export async function windowsFor(
  opened: OpenedModel,
  model: Model,
  calibration: readonly Block[],
  settings: NonlinearSettings,
  granularity: Granularity = 'layer',
  targets = CALIBRATION_TARGETS,
  onProgress?: (done: number, total: number) => void,
): Promise<WindowEntry[]> {
  const histograms = await calibrate(model, choose(calibration, targets), settings, onProgress);
  return chooseWindows(histograms, opened.config.activation, settings.lutSize, granularity);
}
