import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { calibrate, CALIBRATION_TARGETS } from './calibrate.ts';
import { fingerprint } from '../score/fingerprint.ts';
import type { NonlinearSettings } from '../study/methods.ts';
import { choose } from '../data/split.ts';
import { keyOf, WorkState } from '../../files/state.ts';
import type { StoredCalibration } from './stored-calibration.ts';
import type { WindowEntry } from './window-file.ts';
import { chooseWindows, type Granularity } from './window-search.ts';

export interface WindowsForOptions {
  opened: OpenedModel;
  model: LoadedModel;
  calibration: readonly Block[];
  settings: Pick<NonlinearSettings, 'groupRows' | 'mantissaBits' | 'lutSize'>;
  granularity?: Granularity;
  /** Targets to calibrate on. */
  targets?: number;
  fresh?: boolean;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Automatic windows for a model: one exact pass over calibration blocks, then closed forms. The pass is kept on the
 * way, and the windows until the process ends well, so that interrupted work does not calibrate twice.
 */
export async function windowsFor(options: WindowsForOptions): Promise<WindowEntry[]> {
  const { opened, model, settings, granularity = 'layer' } = options;
  const blocks = choose(options.calibration, options.targets ?? CALIBRATION_TARGETS);
  const { groupRows, mantissaBits, lutSize } = settings;
  const state = new WorkState<WindowEntry[] | StoredCalibration>(
    keyOf([
      'windows',
      fingerprint(opened),
      groupRows,
      mantissaBits,
      lutSize,
      granularity,
      keyOfBlocks(blocks),
    ]),
    options.fresh,
  );
  let windows = state.get('windows') as WindowEntry[] | undefined;
  if (windows === undefined) {
    const histograms = await calibrate(model, blocks, settings, options.onProgress, {
      stored: state.get('calibration') as StoredCalibration | undefined,
      store: (calibration) => state.set('calibration', calibration),
    });
    windows = chooseWindows(histograms, opened.config.activation, lutSize, granularity);
    state.set('windows', windows, 'calibration');
  }
  state.finish();
  return windows;
}
