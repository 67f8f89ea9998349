import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import { exactNonlinear } from '../../model/layer/nonlinear.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { methodUnit, type NonlinearSettings } from '../study/methods.ts';
import { type GreedyResult, greedyWindows } from './greedy-windows.ts';
import { lossOver } from './window-loss.ts';
import type { WindowEntry } from './window-file.ts';
import type { AnchoredWindow } from './window-search.ts';

/** Largest exponents of the windows that are tried, and that of the window which the sweep starts from. */
const TOPS: readonly number[] = [-2, -1, 0, 1, 2, 3, 4, 5, 6];
const START_TOP = 2;

const windowUpTo = (hi: number, { lutSize }: NonlinearSettings): AnchoredWindow => ({
  lo: hi - (lutSize - 1),
  hi,
  anchor: 'max',
});

/** Evaluations of the model that a sweep takes. */
export const sweepPasses = (config: ModelConfig, windows = TOPS.length): number =>
  1 + placesOf(config).softmax.length * (windows - 1);

/** The window that every layer has before the sweep. */
export const startWindow = (settings: NonlinearSettings): AnchoredWindow => windowUpTo(START_TOP, settings);

/** Loss over blocks with these windows of softmax, everything else exact. */
export function softmaxLoss(
  { config }: OpenedModel,
  model: LoadedModel,
  settings: NonlinearSettings,
  windows: readonly WindowEntry[],
  blocks: readonly Block[],
): Promise<number> {
  const { unit } = methodUnit('vlp', config, { ...settings, windows });
  return lossOver(model, { softmax: unit.softmax, activation: exactNonlinear.activation }, blocks);
}

/**
 * The paper's sweep (Fig. 7) over windows of softmax, everything else exact, with a pass over the calibration blocks for
 * every layer and candidate. Finished passes are kept, so that interrupted work goes on.
 */
export async function greedySoftmax(options: {
  opened: OpenedModel;
  model: LoadedModel;
  calibration: readonly Block[];
  settings: NonlinearSettings;
  /** Largest exponents of the windows that are tried. */
  tops?: readonly number[];
  /** Keeps finished passes, where the sweep is a part of more work; else the sweep keeps its own. */
  state?: WorkState<number>;
  fresh?: boolean;
  onProgress?: OnProgress;
  /** Receives how many passes an interrupted run had finished. */
  onResume?: (passes: number) => void;
}): Promise<GreedyResult> {
  const { opened, model, calibration, settings, tops = TOPS } = options;
  const { config } = opened;
  const state =
    options.state ??
    new WorkState<number>(
      keyOf(['greedy', fingerprint(opened), settings, keyOfBlocks(calibration)]),
      options.fresh,
    );
  if (state.resumed > 0) options.onResume?.(state.resumed);
  let [done, kept] = [0, 0];
  const total = sweepPasses(config, tops.length);
  const lossOf = async (trial: GreedyResult['windows']): Promise<number> => {
    const unit = JSON.stringify(trial);
    if (state.get(unit) !== undefined) kept += 1;
    const loss = await state.once(unit, () => softmaxLoss(opened, model, settings, trial, calibration));
    options.onProgress?.(++done, total, kept);
    return loss;
  };
  const result = await greedyWindows(
    'softmax',
    placesOf(config).softmax.length,
    tops.map((hi) => windowUpTo(hi, settings)),
    startWindow(settings),
    async (windows) => lossOf([...windows]),
  );
  if (options.state === undefined) state.finish();
  return result;
}
