import type { OnProgress } from '../../files/state.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Block } from '../data/blocks.ts';
import type { Split } from '../data/split.ts';
import { choose } from '../data/split.ts';
import { FULL_PRECISION } from '../score/precision.ts';
import type { NonlinearSettings } from '../study/methods.ts';
import { type ComparedWindows, compareWindows, type WindowVariant } from './compare-windows.ts';
import { greedySoftmax } from './greedy-softmax.ts';
import type { WindowEntry } from './window-file.ts';
import type { Granularity } from './window-search.ts';
import type { Settled } from './settling.ts';
import { chosenWindows } from './windows-for.ts';

export interface TuneOptions {
  opened: OpenedModel;
  /** Windows are chosen on the one part and compared on the other; `name` is what both are from. */
  data: Split & { name: string };
  settings: NonlinearSettings;
  granularity: Granularity;
  /** Targets of the calibration pass, as many as it needs when left out, and of the comparison. */
  calibrationTokens?: number | undefined;
  /** Passes take minutes: the choice is looked at within blocks, too. */
  within?: boolean;
  tokens: number;
  /** Also the paper's sweep (Fig. 7). */
  greedy?: boolean;
  fresh?: boolean;
  onProgress?: (stage: 'calibration' | 'greedy' | 'test', ...told: Parameters<OnProgress>) => void;
  /** Receives how many passes of the sweep, or batches of the comparison, an interrupted run had finished. */
  onResume?: (stage: 'greedy' | 'test', parts: number) => void;
}

export interface Tuned {
  windows: WindowEntry[];
  /** The default windows, the automatic ones, and those of the sweep, in one measurement. */
  compared: ComparedWindows[];
  /** Whether half as many targets gave the same windows, or as good ones; null where their number was given. */
  settled: Settled | false | null;
  /** Targets that were read to choose, and scored to compare. */
  calibration_targets: number;
  test_targets: number;
}

/** Chooses LUT windows from one calibration pass, and says on other data how good they are. */
export async function tune(options: TuneOptions): Promise<Tuned> {
  const { opened, data, settings, granularity, calibrationTokens, within, fresh, onProgress, onResume } =
    options;
  const model = opened.load();
  const chosen = await chosenWindows({
    opened,
    model,
    calibration: data.calibration,
    settings,
    granularity,
    within,
    ...(calibrationTokens === undefined ? {} : { targets: calibrationTokens }),
    fresh,
    onProgress: (...told) => onProgress?.('calibration', ...told),
  });
  const { windows, targets } = chosen;
  const variants: WindowVariant[] = [
    { name: 'default [-4, 3]', evaluations: 0, windows: [] },
    { name: `automatic, per ${granularity}`, evaluations: 1, windows },
  ];
  if (options.greedy) {
    const { evaluations, windows: softmax } = await greedySoftmax({
      opened,
      model,
      calibration: choose(data.calibration, targets),
      settings,
      fresh,
      onProgress: (...told) => onProgress?.('greedy', ...told),
      onResume: (passes) => onResume?.('greedy', passes),
    });
    const activation = windows.filter((entry) => entry.function !== 'softmax');
    variants.push({
      name: 'greedy softmax (Fig. 7), automatic activation',
      evaluations,
      windows: [...softmax, ...activation],
    });
  }
  const test = choose(data.test, options.tokens);
  const compared = await compareWindows({
    opened,
    model,
    blocks: test,
    data: data.name,
    precision: FULL_PRECISION,
    settings,
    variants,
    fresh,
    onProgress: (...told) => onProgress?.('test', ...told),
    onResume: (batches) => onResume?.('test', batches),
  });
  return {
    windows,
    compared,
    calibration_targets: targets,
    settled: chosen.settled ?? null,
    test_targets: targetsOf(test),
  };
}

const targetsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { scored }) => sum + scored, 0);
