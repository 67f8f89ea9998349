import type { Passes } from '../accuracy/score/estimate.ts';
import type { OpenedModel } from '../model/load.ts';
import type { Row } from '../present/csv.ts';
import type { PlotSpec } from '../present/figure.ts';
import type { Preset } from '../published/preset.ts';
import type { Technology } from '../technology/technology.ts';
import type { Explained } from './explained.ts';

/** What regenerating one figure or table of the paper yields. */
export interface PaperResult {
  /** Long-form rows; comparable numbers carry `paper`, `as_published`, `corrected` where they exist. */
  rows: Row[];
  /** What a terminal shows of many rows: a summary under names of its own. */
  summary?: Row[];
  plots: { name: string; spec: PlotSpec }[];
  /** What a reader must know to read the numbers: deviations, quirks, gaps. Plain sentences. */
  notes: string[];
}

/** Targets that the figures of real models are computed on by default: tens of seconds on one core. */
export const FIGURE_TARGETS = 1024;

/** What a real model is run on. */
export interface FigureData {
  /** UTF-8 file; its first eighth is kept for calibration. */
  text?: string;
  /** Images or clips, for a model that reads them. */
  images?: string;
  /** Speech with its text, and its language. */
  audio?: string;
  language?: string;
  /** Threads that share the model's products. */
  threads?: number;
  /** Tokens per block. */
  block?: number;
  /** Targets to score. */
  tokens?: number;
}

export interface PaperOptions {
  /** Model folder or name, where the item runs a real model. */
  model?: string;
  /** Text, block and number of targets of such an item; the embedded text, and `FIGURE_TARGETS`, when left out. */
  data?: FigureData;
  /** Costs to set beside the published ones, where the item can. */
  technology?: Technology;
  /** Repairs to set beside the presets, where the item can. */
  asked?: Preset;
  /** Told what a model will be fed, before its weights are read; may refuse it. */
  announce?: (opened: OpenedModel, passes: readonly Passes[]) => void;
  /** Told of a figure that an interrupted run had begun, before it goes on. */
  onResume?: (figure: string) => void;
}

/** One figure or table of the paper; one file each, listed in `index.ts`. */
export interface PaperItem {
  name: string;
  title: string;
  run(options: PaperOptions): Promise<PaperResult>;
  explained?: Explained;
}
