import { readFileSync } from 'node:fs';
import { prepareData } from '../accuracy/data.ts';
import { choose } from '../accuracy/split.ts';
import { type Block, keyOfBlocks } from '../accuracy/blocks.ts';
import { fingerprint } from '../accuracy/measure.ts';
import { keyOf, WorkState } from '../accuracy/state.ts';
import type { Model } from '../model/model.ts';
import { DEFAULT_MODEL, type OpenedModel, openModel } from '../model/load.ts';
import { MugiError } from '../errors.ts';

/** Targets that the figures of real models are computed on by default: tens of seconds on one core. */
export const FIGURE_TARGETS = 1024;

export interface FigureModel {
  opened: OpenedModel;
  model: Model;
  test: Block[];
  calibration: Block[];
  /** Keeps the finished parts of a figure that may be interrupted. */
  state<T>(figure: string): WorkState<T>;
}

/** Opens the model of a figure and its text; images have no default and are refused. */
export async function figureModel(name: string | undefined): Promise<FigureModel> {
  const opened = await openModel(name ?? DEFAULT_MODEL);
  if (opened.config.family === 'vit') {
    throw new MugiError({
      code: 'unsupported',
      message: 'the figures of real models are computed on text',
      path: '--model',
      expected: 'a text model; for images see mugi accuracy --images',
    });
  }
  const data = prepareData(opened, {});
  const test = choose(data.test, FIGURE_TARGETS);
  const calibration = choose(data.calibration, FIGURE_TARGETS);
  return {
    opened,
    model: opened.load(),
    test,
    calibration,
    state<T>(figure: string) {
      const key = keyOf([figure, fingerprint(opened), keyOfBlocks(test), keyOfBlocks(calibration)]);
      const state = new WorkState<T>(key);
      if (state.resumed > 0) process.stderr.write(`resuming ${figure}: an interrupted run had begun it\n`);
      return state;
    },
  };
}

/** Rows of a CSV of printed values (assets/paper). */
export function printedValues(file: 'fig6.csv' | 'fig7.csv' | 'fig8.csv'): Record<string, string>[] {
  const text = readFileSync(new URL(`../../assets/paper/${file}`, import.meta.url), 'utf8');
  const [header, ...lines] = text.trim().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}
