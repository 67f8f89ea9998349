import { readFileSync } from 'node:fs';
import { readData } from '../accuracy/data/data.ts';
import { choose } from '../accuracy/data/split.ts';
import { type Block, keyOfBlocks } from '../accuracy/data/blocks.ts';
import { rowsOf } from '../accuracy/score/estimate.ts';
import { fingerprint } from '../accuracy/score/fingerprint.ts';
import { asset } from '../files/asset.ts';
import { keyOf, WorkState } from '../files/state.ts';
import type { ModelConfig } from '../model/config/config.ts';
import type { LoadedModel } from '../model/model.ts';
import { DEFAULT_MODEL } from '../model/embedded.ts';
import { type OpenedModel, openModel } from '../model/load.ts';
import { FIGURE_TARGETS, type PaperOptions } from './item.ts';

export interface FigureModel {
  opened: OpenedModel;
  model: LoadedModel;
  test: Block[];
  calibration: Block[];
  /** Targets asked for: of test, and of calibration. */
  targets: number;
  /** Keeps the finished parts of a figure that may be interrupted. */
  state<T>(figure: string): WorkState<T>;
}

/**
 * Opens the model of a figure and its data: the embedded text, or what is named; pictures have no default.
 * @param calibrates false for a figure that chooses no windows
 * @param runsOf passes over the data that the figure will take
 */
export async function figureModel(
  {
    model: name,
    data: { tokens: targets = FIGURE_TARGETS, ...source } = {},
    announce,
    onResume,
  }: PaperOptions,
  calibrates: boolean,
  runsOf: (config: ModelConfig) => { test: number; calibration?: number },
): Promise<FigureModel> {
  const opened = await openModel(name ?? DEFAULT_MODEL, source.threads ?? 'cores');
  const data = await readData(opened, { ...source, calibrates });
  const test = choose(data.test, targets);
  const calibration = calibrates ? choose(data.calibration, targets) : [];
  const runs = runsOf(opened.config);
  announce?.(opened, [
    { rows: rowsOf(calibration), runs: runs.calibration ?? 0 },
    { rows: rowsOf(test), runs: runs.test },
  ]);
  return {
    opened,
    model: opened.load(),
    test,
    calibration,
    targets,
    state<T>(figure: string) {
      const key = keyOf([figure, fingerprint(opened), keyOfBlocks(test), keyOfBlocks(calibration)]);
      const state = new WorkState<T>(key);
      if (state.resumed > 0) onResume?.(figure);
      return state;
    },
  };
}

/** Rows of a CSV of printed values (assets/paper). */
export function printedValues(file: 'fig6.csv' | 'fig7.csv' | 'fig8.csv'): Record<string, string>[] {
  const text = readFileSync(asset(`paper/${file}`), 'utf8');
  const [header, ...lines] = text.trim().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}
