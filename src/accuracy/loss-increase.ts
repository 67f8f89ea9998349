import { type OpenedModel, openModel } from '../model/load.ts';
import { prepareData } from './data.ts';
import { type AccuracyRow, FULL_PRECISION, measure, type Precision } from './measure.ts';
import { DEFAULT_SETTINGS, defaultMethods, type Method } from './methods.ts';
import { choose } from './split.ts';
import { windowsFor } from './windows-for.ts';

export interface LossIncrease {
  method: Method;
  /** Mean loss above the exact functions at the same precision, nats per target, and its 95 % half-width. */
  loss_increase: number;
  loss_increase_ci95: number;
  /** Not told from exact. */
  tie: boolean;
  perplexity: number;
  kl: number;
}

export interface LossIncreaseOptions {
  /** Embedded model, Hugging Face folder or GGUF file. */
  model: string;
  methods?: readonly Method[];
  /** Targets to score; small by default, so that a comparison of hardware stays interactive. */
  tokens?: number;
  precision?: Precision;
  text?: string;
  images?: string;
  onProgress?: (done: number, total: number) => void;
}

/**
 * Measured loss increase of each nonlinear method on a model: what a comparison of hardware shows beside speed and
 * energy. VLP gets automatic windows from a calibration pass over other text.
 */
export async function lossIncreases(options: LossIncreaseOptions): Promise<LossIncrease[]> {
  const opened: OpenedModel = await openModel(options.model);
  const methods = options.methods ?? defaultMethods(opened.config);
  const data = prepareData(opened, { text: options.text, images: options.images });
  const model = opened.load();
  const settings = { ...DEFAULT_SETTINGS };
  if (methods.includes('vlp')) {
    settings.windows = await windowsFor(opened, model, data.calibration, settings, 'layer', 1024);
  }
  const rows = await measure({
    opened,
    model,
    methods,
    precision: options.precision ?? FULL_PRECISION,
    settings,
    blocks: choose(data.test, options.tokens ?? 1024),
    data: data.name,
    fresh: true,
    onProgress: options.onProgress,
  });
  return rows.map(({ method, loss_increase, loss_increase_ci95, tie, perplexity, kl }: AccuracyRow) => ({
    method: method as Method,
    loss_increase,
    loss_increase_ci95,
    tie,
    perplexity,
    kl,
  }));
}
