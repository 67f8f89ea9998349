import type { Design } from '../../design/design.ts';
import { MugiError } from '../../errors.ts';
import { type OpenedModel, openModel } from '../../model/load.ts';
import { prepareData } from '../data/data.ts';
import { measure } from './measure.ts';
import type { AccuracyRow } from './accuracy-row.ts';
import { FULL_PRECISION, type Precision } from './precision.ts';
import { DEFAULT_SETTINGS, defaultMethods, type Method } from '../study/methods.ts';
import { choose } from '../data/split.ts';
import { windowsFor } from '../windows/windows-for.ts';

export interface LossIncrease {
  method: Method;
  /** Mean loss above the exact functions at the same precision, nats per target, and its 95 % half-width. */
  loss_increase: number;
  loss_increase_ci95: number;
  /** Indistinguishable from exact; null without an interval. */
  tie: boolean | null;
  perplexity: number;
  kl: number;
}

/** What nonlinear methods cost one model. */
export interface LossMeasurement {
  model: string;
  data: string;
  /** Targets that were scored. */
  targets: number;
  increases: LossIncrease[];
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
  onProgress?: (stage: 'calibration' | 'measurement', done: number, total: number) => void;
  /** Receives how many batches an interrupted run had finished. */
  onResume?: (batches: number) => void;
}

/** Targets of a measurement beside hardware: seconds on an embedded model. */
export const COMPARISON_TARGETS = 1024;

/** What a design's nonlinear unit computes, as a method whose accuracy is measured. */
const MEASURED_AS: Readonly<Record<Design['method'], Method>> = {
  vlp: 'vlp',
  // Mugi-L looks up the very entries that VLP selects: with windows of 8 exponents, which do not slide, bit for bit.
  lut: 'vlp',
  precise: 'exact',
  pwl: 'pwl',
  taylor: 'taylor',
};

export const measuredMethod = ({ method }: Pick<Design, 'method'>): Method => MEASURED_AS[method];

/**
 * Measured loss increase of each nonlinear method on a model: what a comparison of hardware shows beside speed and
 * energy. VLP gets automatic windows from a calibration pass over other text.
 * @throws MugiError for a model that reads images
 */
export async function lossIncreases(options: LossIncreaseOptions): Promise<LossMeasurement> {
  const opened: OpenedModel = await openModel(options.model);
  const methods = options.methods ?? defaultMethods(opened.config);
  if (opened.config.family === 'vit' && options.images === undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a vit model needs images, which a comparison does not read',
      path: options.model,
      expected: 'a text model; for images see mugi accuracy --images',
    });
  }
  const data = prepareData(opened, {
    text: options.text,
    images: options.images,
    calibrates: methods.includes('vlp'),
  });
  const model = opened.load();
  const settings = { ...DEFAULT_SETTINGS };
  if (methods.includes('vlp')) {
    settings.windows = await windowsFor({
      opened,
      model,
      calibration: data.calibration,
      settings,
      targets: COMPARISON_TARGETS,
      onProgress: (done, total) => options.onProgress?.('calibration', done, total),
    });
  }
  const rows = await measure({
    opened,
    model,
    methods,
    precision: options.precision ?? FULL_PRECISION,
    settings,
    blocks: choose(data.test, options.tokens ?? COMPARISON_TARGETS),
    data: data.name,
    onProgress: (done, total) => options.onProgress?.('measurement', done, total),
    onResume: options.onResume,
  });
  return {
    model: opened.name,
    data: data.name,
    targets: rows[0].tokens,
    increases: rows.map(
      ({ method, loss_increase, loss_increase_ci95, tie, perplexity, kl }: AccuracyRow) => ({
        method: method as Method,
        loss_increase,
        loss_increase_ci95,
        tie,
        perplexity,
        kl,
      }),
    ),
  };
}
