import type { OnProgress } from '../../files/state.ts';
import type { Block } from '../data/blocks.ts';
import { measureUnits } from '../score/measure.ts';
import type { AccuracyRow } from '../score/accuracy-row.ts';
import type { Precision } from '../score/precision.ts';
import { methodUnit, type NonlinearSettings } from '../study/methods.ts';
import { isTie, pairedDifference } from '../score/statistics.ts';
import type { WindowEntry } from './window-file.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';

/** One way of choosing windows. */
export interface WindowVariant {
  name: string;
  /** Passes of the model that the choice took. */
  evaluations: number;
  windows: readonly WindowEntry[];
}

export interface ComparedWindows {
  variant: string;
  evaluations: number;
  windows: readonly WindowEntry[];
  accuracy: AccuracyRow;
  /** Mean loss above that of the first variant on the same blocks, nats per target; null for the first itself. */
  over_default: { loss_increase: number; loss_increase_ci95: number; tie: boolean | null } | null;
}

/** Accuracy of VLP under each variant's windows, in one measurement, and paired differences with the first. */
export async function compareWindows(options: {
  opened: OpenedModel;
  model: LoadedModel;
  blocks: readonly Block[];
  data: string;
  precision: Precision;
  settings: NonlinearSettings;
  variants: readonly WindowVariant[];
  fresh?: boolean;
  onProgress?: OnProgress;
  onResume?: (batches: number) => void;
}): Promise<ComparedWindows[]> {
  const { opened, model, blocks, settings, variants } = options;
  const losses: (readonly number[])[] = [];
  const units = variants.map(({ windows }, i) => ({
    method: 'vlp',
    ...methodUnit('vlp', opened.config, { ...settings, windows: [...windows] }),
    onLosses: (sums: readonly number[]) => {
      losses[i] = sums;
    },
  }));
  const rows = await measureUnits(
    {
      opened,
      model,
      precision: options.precision,
      blocks,
      data: options.data,
      fresh: options.fresh,
      onProgress: options.onProgress,
      onResume: options.onResume,
    },
    units,
    [settings, variants.map(({ windows }) => windows)],
  );
  const counts = blocks.map(({ scored }) => scored);
  return variants.map(({ name, evaluations, windows }, i) => {
    const difference = pairedDifference(losses[i], losses[0], counts);
    const over = {
      loss_increase: difference.mean,
      loss_increase_ci95: difference.ci95,
      tie: isTie(difference),
    };
    return { variant: name, evaluations, windows, accuracy: rows[i], over_default: i === 0 ? null : over };
  });
}
